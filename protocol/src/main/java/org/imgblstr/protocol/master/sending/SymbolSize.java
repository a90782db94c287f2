package org.imgblstr.protocol.master.sending;

import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.master.slaves.SlaveTable;
import org.imgblstr.protocol.wire.RsvpFlyweight;
import org.imgblstr.protocol.wire.SectorDataFlyweight;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long symbols are. Where the master's interface takes more than frames of 1500 bytes, announcements padded to all it takes go out, and
 * at the start the symbols become as long as those when every slave has heard one (docs/protocol.md, section 5). One thread.
 */
public final class SymbolSize {
    private static final Logger LOG = LoggerFactory.getLogger(SymbolSize.class);

    /** The start waits so long for a slave that has just joined to hear one: it is sent five meanwhile. */
    private static final long PROOF_NS = 500_000_000;

    private final MasterConfig config;
    private final SlaveTable slaves;
    private int bytes;
    private boolean isDecided;
    private boolean isStartHeld;
    private long startHeldNs;

    public SymbolSize(MasterConfig config, SlaveTable slaves) {
        this.config = config;
        this.slaves = slaves;
        this.bytes = config.symbols().leastBytes();
        this.isDecided = config.symbols().largestBytes() == config.symbols().leastBytes();
    }

    /** S; the least of what it may become while it is not decided. */
    public int bytes() {
        return bytes;
    }

    /** Bytes of Sector Data with a full symbol. */
    public int datagramBytes() {
        return bytes + SectorDataFlyweight.OVERHEAD_BYTES;
    }

    /** Length of the announcements that prove the path; 0 when there is nothing to prove. */
    public int probeBytes() {
        boolean isNothingToProve = isDecided && bytes == config.symbols().leastBytes();
        return isNothingToProve ? 0 : config.symbols().largestBytes() + SectorDataFlyweight.OVERHEAD_BYTES;
    }

    /** Whether the start is worth being held up: who has just joined may yet prove its path, and nobody is known to be unable to. */
    public boolean isAwaitingProof(long nowNs) {
        boolean isAnyAwaited = false;
        for (SlaveEntry slave : slaves.all()) {
            if (isDecided || slave.largestSymbol() < config.symbols().largestBytes()) {
                return false;
            }
            isAnyAwaited |= !slave.hearsProbes() && nowNs - slave.joinedNs() < PROOF_NS;
        }
        return isAnyAwaited;
    }

    /** Whether the start is held up now, although it is time; never for longer than a slave gets. */
    public boolean holdsStart(long nowNs) {
        if (!isStartHeld) {
            isStartHeld = true;
            startHeldNs = nowNs;
        }
        return nowNs - startHeldNs < PROOF_NS && isAwaitingProof(nowNs);
    }

    /** The pass begins. */
    public void decide() {
        if (isDecided) {
            return;
        }
        isDecided = true;
        SlaveEntry small = null;
        for (SlaveEntry slave : slaves.all()) {
            small = small == null && !mayBeSentLargest(slave) ? slave : small;
        }
        bytes = small == null
                ? config.symbols().largestBytes()
                : config.symbols().leastBytes();
        LOG.info(
                "the session sends datagrams of {} bytes: {}",
                datagramBytes(),
                small == null ? "every slave hears them" : "slave " + small.index() + " hears no larger ones");
    }

    private boolean mayBeSentLargest(SlaveEntry slave) {
        return slave.hearsProbes() && slave.largestSymbol() >= config.symbols().largestBytes();
    }

    /** Whether a slave that wants to join can be sent symbols of this length, as far as it is known. */
    public boolean isTakenBy(RsvpFlyweight wish) {
        return wish.largestSymbol() >= bytes
                && (wish.hearsProbes() || bytes == config.symbols().leastBytes());
    }
}
