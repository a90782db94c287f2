package org.imgblstr.disk.track;

/** How much of what is written to a disk is read back. */
public enum Verification {
    /** Nothing. */
    NONE,
    /** Everything in the shadow of writing, and a sample when all is written. */
    SAMPLE,
    /** Everything in the shadow of writing, and everything once more when all is written. */
    FULL;

    /** Whether anything is read back. */
    public boolean readsBack() {
        return this != NONE;
    }
}
