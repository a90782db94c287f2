package org.imgblstr.cli.master.job;

/** What a run does. The numbers are those of the manual. */
public enum Mode {
    UPLOAD(1, "upload: disk to image file", true, true, false),
    UPLOAD_BROADCAST(2, "upload and broadcast: disk to image file and slaves in one pass", true, true, true),
    BROADCAST(3, "broadcast: disk to slaves", true, false, true),
    DOWNLOAD(4, "download: image file to disk", true, true, false),
    DOWNLOAD_BROADCAST(5, "download and broadcast: image file to disk and slaves in one pass", true, true, true),
    BROADCAST_IMAGE(6, "broadcast: image file to slaves", false, true, true);

    private final int number;
    private final String title;
    private final boolean usesDisk;
    private final boolean usesImage;
    private final boolean broadcasts;

    Mode(int number, String title, boolean usesDisk, boolean usesImage, boolean broadcasts) {
        this.number = number;
        this.title = title;
        this.usesDisk = usesDisk;
        this.usesImage = usesImage;
        this.broadcasts = broadcasts;
    }

    public int number() {
        return number;
    }

    /** One line for the operator. */
    public String title() {
        return title;
    }

    public boolean usesDisk() {
        return usesDisk;
    }

    public boolean usesImage() {
        return usesImage;
    }

    /** Whether slaves take part. */
    public boolean broadcasts() {
        return broadcasts;
    }

    /** Whether the tracks come from an image file rather than from a disk. */
    public boolean readsImage() {
        return this == DOWNLOAD || this == DOWNLOAD_BROADCAST || this == BROADCAST_IMAGE;
    }

    /** Whether an image file is made. */
    public boolean writesImage() {
        return this == UPLOAD || this == UPLOAD_BROADCAST;
    }

    /** Whether the local disk is overwritten. */
    public boolean writesDisk() {
        return this == DOWNLOAD || this == DOWNLOAD_BROADCAST;
    }

    /** Whether slaves are all that is written. */
    public boolean isBroadcastOnly() {
        return this == BROADCAST || this == BROADCAST_IMAGE;
    }
}
