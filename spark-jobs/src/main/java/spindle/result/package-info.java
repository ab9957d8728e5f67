/**
 * Results of a sweep as files: schema, layout, journal with commit records, published tables.
 *
 * <p>A trial exists if and only if a commit record names it. Data files carry names that no other
 * attempt uses and are never changed; only the commit record is created exclusively.
 */
package spindle.result;
