package spindle.train.data;

/**
 * What a file of images and the one of their labels hold, both read to their ends.
 *
 * @param count number of images
 * @param rows height of an image [pixels]
 * @param columns width of an image [pixels]
 * @param imagesSha256 checksum of the images' file as it is stored, 64 hexadecimal digits
 * @param labelsSha256 checksum of the labels' file as it is stored
 */
public record IdxFacts(
    int count, int rows, int columns, String imagesSha256, String labelsSha256) {}
