package org.imgblstr.protocol.master.slaves;

import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.imgblstr.protocol.contract.SlaveName;
import org.imgblstr.protocol.contract.SlaveResult;
import org.imgblstr.protocol.wire.DisconnectFlyweight;
import org.imgblstr.protocol.wire.RsvpFlyweight;

/** The slaves of a session, by index and by nonce. At most {@link #MAX_SLAVES}. One thread. */
public final class SlaveTable {
    /** More than any room holds, and few enough that a flood of RSVPs stays within a few megabytes. */
    public static final int MAX_SLAVES = 4096;

    private final List<SlaveEntry> slaves = new ArrayList<>();
    private final Map<Long, SlaveEntry> byNonce = new HashMap<>();
    private final Map<Integer, SlaveEntry> byIndex = new HashMap<>();
    private int lastIndex;
    private byte[] manifest;

    /** The slave that used this nonce, or null. */
    public SlaveEntry ofNonce(long nonce) {
        return byNonce.get(nonce);
    }

    /** The slave of this index, or null. */
    public SlaveEntry ofIndex(int index) {
        return byIndex.get(index);
    }

    /** The slave of this index that used this nonce, or null. */
    public SlaveEntry find(int index, long nonce) {
        SlaveEntry entry = byIndex.get(index);
        return entry != null && entry.nonce() == nonce ? entry : null;
    }

    /** An earlier life of the slave that sends this RSVP, or null. */
    public SlaveEntry earlierLifeOf(RsvpFlyweight rsvp) {
        for (SlaveEntry slave : slaves) {
            if (slave.slaveId().equals(rsvp.slaveId()) && slave.nonce() != rsvp.nonce()) {
                return slave;
            }
        }
        return null;
    }

    /** Earlier lives of a slave that have not ended complete: the slave makes good what they left undone. */
    public List<SlaveEntry> earlierLivesOf(SlaveEntry slave) {
        List<SlaveEntry> earlier = new ArrayList<>();
        for (SlaveEntry other : slaves) {
            boolean isEarlier = other.index() < slave.index() && other.slaveId().equals(slave.slaveId());
            if (isEarlier && other.result() != SlaveResult.Result.COMPLETE) {
                earlier.add(other);
            }
        }
        return earlier;
    }

    public SlaveEntry add(
            RsvpFlyweight rsvp, InetSocketAddress from, int dataSent, boolean isResumed, int sequence, long nowNs) {
        SlaveEntry entry = new SlaveEntry(++lastIndex, rsvp, from, dataSent, isResumed, sequence, nowNs);
        slaves.add(entry);
        byNonce.put(entry.nonce(), entry);
        byIndex.put(entry.index(), entry);
        return entry;
    }

    public void remove(SlaveEntry entry) {
        slaves.remove(entry);
        byNonce.remove(entry.nonce());
        byIndex.remove(entry.index());
    }

    /** D of the master's manifest: zeros while it is not known; null in an open session. */
    public void manifest(byte[] root) {
        manifest = root;
    }

    /** Whether a slave that says that it is complete has another manifest than the master. {@code mayLackIt}: it may have needed none. */
    public boolean isOtherManifest(DisconnectFlyweight disconnect, boolean mayLackIt) {
        byte[] its = disconnect.manifest();
        boolean isExpected =
                disconnect.result() == SlaveResult.Result.COMPLETE && manifest != null && !(mayLackIt && isZero(its));
        return isExpected && !isZero(manifest) && !MessageDigest.isEqual(manifest, its);
    }

    private static boolean isZero(byte[] root) {
        return Arrays.equals(root, new byte[root.length]);
    }

    public boolean isFull() {
        return slaves.size() >= MAX_SLAVES || lastIndex >= 65_534;
    }

    /** All that joined and were not replaced, by index. */
    public List<SlaveEntry> all() {
        return Collections.unmodifiableList(slaves);
    }

    public int size() {
        return slaves.size();
    }

    public int lastIndex() {
        return lastIndex;
    }

    /** Of the slaves that are waited for and not complete, the one with the fewest tracks; null when there is none. */
    public SlaveEntry furthestBehind() {
        SlaveEntry last = null;
        for (SlaveEntry slave : slaves) {
            if (slave.isWaitedFor()
                    && !slave.isComplete()
                    && (last == null || slave.doneTracks() < last.doneTracks())) {
                last = slave;
            }
        }
        return last;
    }

    public int readyCount() {
        int count = 0;
        for (SlaveEntry slave : slaves) {
            count += slave.isReady() && slave.isWaitedFor() ? 1 : 0;
        }
        return count;
    }

    /** Those that {@link #readyCount} counts. */
    public List<SlaveName> readyNames() {
        return slaves.stream()
                .filter(slave -> slave.isReady() && slave.isWaitedFor())
                .map(SlaveEntry::name)
                .toList();
    }

    /** All but the lives of one slave. */
    public List<SlaveName> namesBut(UUID slaveId) {
        return slaves.stream()
                .filter(slave -> !slave.slaveId().equals(slaveId))
                .map(SlaveEntry::name)
                .toList();
    }

    /** Whether somebody answers, and all who do are complete. When nobody answers nothing is known of anybody. */
    public boolean areAnsweringServed() {
        boolean isAnyThere = false;
        for (SlaveEntry slave : slaves) {
            if (slave.isWaitedFor() && !slave.isComplete()) {
                return false;
            }
            isAnyThere |= slave.isWaitedFor();
        }
        return isAnyThere;
    }

    /** Whether all have ended and one of them by itself, so that it may still wait for an answer. */
    public boolean haveAllSaidGoodbye() {
        return areAllEnded() && slaves.stream().anyMatch(slave -> slave.result() != null);
    }

    public boolean areAllEnded() {
        for (SlaveEntry slave : slaves) {
            if (!slave.isEnded()) {
                return false;
            }
        }
        return true;
    }
}
