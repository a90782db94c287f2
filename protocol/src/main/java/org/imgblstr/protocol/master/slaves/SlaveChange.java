package org.imgblstr.protocol.master.slaves;

/** What becomes of a slave before it ends, with the words behind its name. */
public enum SlaveChange {
    SILENT("is silent"),
    BACK("is back"),
    /** One that was postponed. */
    AWAITED_AGAIN("is waited for again, because no other slave is left to wait for"),
    /** Before the pass began. */
    LEFT("left before the start"),
    /** Before the pass began: nothing was heard of it for long. */
    LEFT_WITHOUT_A_WORD("left without a word"),
    /** Before the pass began. */
    KICKED("was removed by the operator"),
    CANNOT_TAKE_PART("cannot take part"),
    /** A later life of the same slave has reported. */
    STARTED_ANEW("started anew"),
    POSTPONED_AS_TOO_SLOW("cannot keep up", Text.POSTPONED),
    POSTPONED_AS_GREEDY("alone has had three times the image sent again", Text.POSTPONED),
    POSTPONED_AS_LOSSY("keeps losing data however slowly the master sends", Text.POSTPONED);

    private final String why;
    private final String what;

    SlaveChange(String words) {
        this(words, "");
    }

    SlaveChange(String why, String what) {
        this.why = why;
        this.what = what;
    }

    /** Why, without what the master does about it. */
    public String why() {
        return why;
    }

    /** Whether it takes part again after {@link #SILENT}, or the pass waits for it again after it was postponed. */
    public boolean isReturn() {
        return this == BACK || this == AWAITED_AGAIN;
    }

    /** A sentence without its subject. */
    public String words() {
        return why + what;
    }

    private static final class Text {
        static final String POSTPONED = " and is postponed: it will be completed after the others";
    }
}
