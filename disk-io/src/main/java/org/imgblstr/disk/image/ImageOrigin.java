package org.imgblstr.disk.image;

/**
 * Where an image comes from and how it was made, for people: nothing is decided by it.
 *
 * @param source the disk it was made from
 * @param label at most {@value #MAX_LABEL_BYTES} bytes of UTF-8, "" for none
 * @param codec as it was asked for ("zstd:3"); each encoded track names its own; at most {@value #MAX_NAME_BYTES} bytes
 * @param program name and version of the program that made it, at most {@value #MAX_NAME_BYTES} bytes; "" when unknown
 * @param machine name of the machine it was made on, at most {@value #MAX_MACHINE_BYTES} bytes; "" when unknown
 * @param note the operator's remark, at most {@value #MAX_NOTE_BYTES} bytes; "" for none
 */
public record ImageOrigin(ImageSource source, String label, String codec, String program, String machine, String note) {
    /** As in Drive Geometry, docs/protocol.md section 3.1. */
    public static final int MAX_LABEL_BYTES = 64;

    /** Longest note, in bytes of UTF-8. */
    public static final int MAX_NOTE_BYTES = 1024;

    /** As long as Linux lets a name be, and more. */
    public static final int MAX_MACHINE_BYTES = 255;

    static final int MAX_NAME_BYTES = 64;

    public ImageOrigin {
        Texts.check("label", label, MAX_LABEL_BYTES);
        Texts.check("codec", codec, MAX_NAME_BYTES);
        Texts.check("program", program, MAX_NAME_BYTES);
        Texts.check("machine", machine, MAX_MACHINE_BYTES);
        Texts.check("note", note, MAX_NOTE_BYTES);
    }
}
