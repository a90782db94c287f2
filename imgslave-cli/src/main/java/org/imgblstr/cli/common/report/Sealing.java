package org.imgblstr.cli.common.report;

/**
 * How the session of a run is sealed.
 *
 * @param word in events
 * @param text for a person, in a few words
 */
public record Sealing(String word, String text) {
    /** Not at all. */
    public static final Sealing OPEN = new Sealing("open", "open");

    /** By the words that the master shows. */
    public static final Sealing CODE = new Sealing("code", "sealed (join code)");

    /** By a key that was shared before; {@code id}: 16 hexadecimal digits, which are no secret. */
    public static Sealing keyFile(String id) {
        return new Sealing("key-file", "sealed (key file " + id + ")");
    }
}
