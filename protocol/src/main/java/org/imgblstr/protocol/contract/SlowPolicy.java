package org.imgblstr.protocol.contract;

/** What a slave that cannot keep up gets. */
public enum SlowPolicy {
    /** Wait; postpone it when it alone holds the others back; remove it after a minute without progress. */
    LADDER,
    WAIT,
    CATCHUP,
    DROP
}
