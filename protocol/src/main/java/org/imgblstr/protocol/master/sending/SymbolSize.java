package org.imgblstr.protocol.master.sending;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.imgblstr.protocol.master.slaves.SlaveEntry;
import org.imgblstr.protocol.master.slaves.SlaveTable;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.protocol.wire.RsvpFlyweight;
import org.imgblstr.protocol.wire.SectorDataFlyweight;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long symbols are. While slaves join, padded announcements go out. At the start the symbols become as long as the longest announcement
 * that every slave has heard (docs/protocol.md, section 5.1). One thread.
 */
public final class SymbolSize {
    private static final Logger LOG = LoggerFactory.getLogger(SymbolSize.class);

    /** The start waits so long for a slave that has just joined: the slave is sent four of each length meanwhile, and six of the longest. */
    private static final long PROOF_NS = 600_000_000;

    /** A slave of a sealed session hears its first padded announcement behind its keys: shorter ones are of use when it has not heard that. */
    private static final long LONGEST_ALONE_NS = 150_000_000;

    /** Data that comes before S is known is lost: the announcement gets so much of a lead. */
    private static final long TELL_NS = 10_000_000;

    private final SlaveTable slaves;
    private final BiConsumer<SlaveEntry, String> onNarrow;
    private final List<Integer> candidates;
    private final List<Integer> ladder;
    private final int leastBytes;
    private final int moreBytes;
    private int bytes;
    private boolean isDecided;
    private boolean isStartHeld;
    private long startHeldNs;
    private long decidedNs;

    /** {@code onNarrow}: told which slave hears no longest datagrams, and what that means. */
    public SymbolSize(MasterConfig config, SlaveTable slaves, BiConsumer<SlaveEntry, String> onNarrow) {
        this.slaves = slaves;
        this.onNarrow = onNarrow;
        this.candidates = config.symbols().candidates();
        this.ladder = candidates.stream().map(SymbolSize::datagramBytes).toList();
        this.leastBytes = config.symbols().leastBytes();
        this.moreBytes = config.symbols().moreBytes();
        this.bytes = leastBytes;
        this.isDecided = candidates.size() == 1;
    }

    /** S; the least of what it may become while it is not decided. */
    public int bytes() {
        return bytes;
    }

    /** Bytes of Sector Data with a full symbol, in the open layout. */
    private int datagramBytes() {
        return datagramBytes(bytes);
    }

    /** Bytes of Sector Data with a full symbol, as they are sent. */
    public int sentBytes() {
        return datagramBytes(bytes) + moreBytes;
    }

    private static int datagramBytes(int symbolBytes) {
        return symbolBytes + SectorDataFlyweight.OVERHEAD_BYTES;
    }

    /** Length of the longest announcements that prove the path; 0 when there is nothing to prove. */
    public int probeBytes() {
        int longest = isDecided ? bytes : candidates.get(0);
        return longest == leastBytes ? 0 : datagramBytes(longest);
    }

    /** Lengths of the announcements that are to prove the path now, longest first: all of them only while a slave hears no longest one. */
    public List<Integer> probes(long nowNs) {
        if (probeBytes() == 0) {
            return List.of();
        }
        boolean isLadder = !isDecided
                && slaves.all().stream()
                        .anyMatch(slave ->
                                nowNs - slave.joinedNs() >= LONGEST_ALONE_NS && carried(slave) < candidates.get(0));
        return isLadder ? ladder : List.of(probeBytes());
    }

    /** The longest symbol that has been proven to reach a slave; the least when none has. */
    private int carried(SlaveEntry slave) {
        return longestOf(Math.min(slave.largestSymbol(), slave.longestHeard() - SectorDataFlyweight.OVERHEAD_BYTES));
    }

    private int longestOf(int mostBytes) {
        for (int candidate : candidates) {
            if (candidate <= mostBytes) {
                return candidate;
            }
        }
        return leastBytes;
    }

    /** Whether the start is worth being held up: who has just joined may yet prove more than the others are known to hear. */
    public boolean isAwaitingProof(long nowNs) {
        if (isDecided) {
            return false;
        }
        int most = candidates.get(0);
        for (SlaveEntry slave : slaves.all()) {
            most = Math.min(most, isNew(slave, nowNs) ? longestOf(slave.largestSymbol()) : carried(slave));
        }
        for (SlaveEntry slave : slaves.all()) {
            if (isNew(slave, nowNs) && carried(slave) < most) {
                return true;
            }
        }
        return false;
    }

    private static boolean isNew(SlaveEntry slave, long nowNs) {
        return nowNs - slave.joinedNs() < PROOF_NS;
    }

    /**
     * Whether the start is held up now, although it is time: until S is decided, for no longer than a slave gets to prove its path, and a moment
     * more, so that slaves know S before data comes.
     */
    public boolean holdsStart(long nowNs) {
        if (candidates.size() == 1) {
            return false;
        }
        if (!isStartHeld) {
            isStartHeld = true;
            startHeldNs = nowNs;
        }
        if (!isDecided && (nowNs - startHeldNs >= PROOF_NS || !isAwaitingProof(nowNs))) {
            decide();
            decidedNs = nowNs;
        }
        return !isDecided || nowNs - decidedNs < TELL_NS;
    }

    private void decide() {
        isDecided = true;
        Optional<SlaveEntry> narrowest = slaves.all().stream().min(Comparator.comparingInt(this::carried));
        bytes = narrowest.map(this::carried).orElse(candidates.get(0));
        LOG.info("the session sends datagrams of {} bytes", sentBytes());
        if (bytes < candidates.get(0)) {
            onNarrow.accept(narrowest.orElseThrow(), narrowness(narrowest.orElseThrow()));
        }
    }

    /** Whether S is what it will stay. */
    public boolean isDecided() {
        return isDecided;
    }

    private String narrowness(SlaveEntry slave) {
        boolean isItsInterface = longestOf(slave.largestSymbol()) == bytes;
        boolean isNothingHeard = slave.longestHeard() < datagramBytes();
        long others =
                slaves.all().stream().filter(each -> carried(each) == bytes).count() - 1;
        String hears = isNothingHeard
                ? "hears not even datagrams of " + sentBytes() + " bytes, the shortest that a session uses"
                : (isItsInterface
                                ? "has an interface that takes no datagrams longer than "
                                : "hears no datagrams longer than ")
                        + sentBytes() + " bytes, so the session uses those instead of "
                        + (datagramBytes(candidates.get(0)) + moreBytes);
        return hears + (others == 0 ? "" : " (" + others + " more like it)") + "; set the MTU of "
                + (isItsInterface ? "that interface" : "every switch port and tunnel in between") + " to "
                + Datagram.mtuOf(datagramBytes(isNothingHeard ? bytes : candidates.get(0)) + moreBytes);
    }

    /** Whether a slave that wants to join can be sent symbols of this length, as far as it is known. */
    public boolean isTakenBy(RsvpFlyweight wish) {
        return wish.largestSymbol() >= bytes && (bytes == leastBytes || wish.longestHeard() >= datagramBytes());
    }
}
