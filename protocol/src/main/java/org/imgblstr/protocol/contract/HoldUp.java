package org.imgblstr.protocol.contract;

/** What keeps a master from sending faster. How it is found out: docs/architecture.md, section 7. */
public enum HoldUp {
    /** The rate that the master has found, or a full socket. */
    WIRE,
    /** The rate that the operator has set. */
    RATE,
    /** Nothing is at hand: the source, the codec or another target of the run is slower. */
    SUPPLY,
    /** A slave has no room, or is what the end waits for. */
    SLAVE
}
