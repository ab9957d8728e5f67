/**
 * Data sets: {@link spindle.train.data.Idx} reads images and labels from any {@link
 * spindle.train.data.Source}, {@link spindle.train.data.Digits} is bundled.
 */
package spindle.train.data;
