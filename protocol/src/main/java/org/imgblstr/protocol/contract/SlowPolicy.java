package org.imgblstr.protocol.contract;

/** What a slave that cannot keep up gets. */
public enum SlowPolicy {
    /** Wait, after a while under the floor let it catch up later, after a minute without progress drop it. */
    LADDER,
    WAIT,
    CATCHUP,
    DROP
}
