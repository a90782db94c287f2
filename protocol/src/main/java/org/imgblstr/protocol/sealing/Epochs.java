package org.imgblstr.protocol.sealing;

import java.util.ArrayList;
import java.util.List;
import org.imgblstr.protocol.wire.Datagram;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.SecretBytes;
import org.imgblstr.sealing.schedule.GroupKey;

/**
 * The group keys that a slave has: that of the epoch in use, the one before for a moment, and the next ones, which it got before they are
 * used. One thread. Specification: docs/security.md, section 6, "Epochs".
 */
public final class Epochs implements AutoCloseable {
    /** How long the old key is kept for datagrams that were sent before the new one was used. */
    static final long OLD_KEY_NS = 2_000_000_000L;

    private final long sessionId;
    private final Primitives primitives;

    /** By their numbers; no two have the same nibble, so there are seven at most. */
    private final List<Epoch> keys = new ArrayList<>();

    private int inUse;

    /** The keys of one epoch, and what they may still open. */
    static final class Epoch {
        private final int number;
        private final DatagramCipher data;
        private final DatagramCipher state;
        private int newestState;
        private boolean isOld;
        private long deadlineNs;
        private boolean isBounded;
        private int endData;

        private Epoch(int number, DatagramCipher data, DatagramCipher state) {
            this.number = number;
            this.data = data;
            this.state = state;
        }

        DatagramCipher cipher(boolean isState) {
            return isState ? state : data;
        }

        /** Whether a Drive Geometry is newer than all before of this epoch, and the epoch not over. */
        boolean mayBeState(int sequence) {
            return !isOld && Datagram.isAfter(sequence, newestState);
        }

        /** Whether data of this number may be of this epoch: an old one ends where the next one began. */
        boolean mayBeData(int sequence) {
            return !isBounded || Datagram.isAfter(endData, sequence);
        }

        private void close() {
            data.close();
            state.close();
        }
    }

    public Epochs(long sessionId, Primitives primitives) {
        this.sessionId = sessionId;
        this.primitives = primitives;
    }

    /** Takes a key that the master sent, and leaves it to the caller to wipe. One that is not newer than all before is ignored: the master repeats itself. */
    public void add(GroupKey key) {
        if (key.epoch() <= newest()) {
            return;
        }
        Epoch displaced = find(SealedLayout.groupNibble(key.epoch()));
        if (displaced != null) {
            keys.remove(displaced);
            displaced.close();
        }
        try (SecretBytes data = key.data(primitives.hashing(), sessionId);
                SecretBytes state = key.state(primitives.hashing(), sessionId)) {
            keys.add(new Epoch(
                    key.epoch(), new DatagramCipher(data, primitives), new DatagramCipher(state, primitives)));
        }
    }

    /** The newest epoch whose key is here; 0 when there is none. Each report of a slave tells it. */
    public int newest() {
        return keys.isEmpty() ? 0 : keys.get(keys.size() - 1).number;
    }

    /** The newest epoch of which a datagram was opened; 0 before that. */
    public int inUse() {
        return inUse;
    }

    /** Wipes an old key whose time is over. */
    public void onTick(long nowNs) {
        while (!keys.isEmpty() && keys.get(0).isOld && nowNs - keys.get(0).deadlineNs >= 0) {
            keys.remove(0).close();
        }
    }

    /** The epoch of a nibble; null when its key is not here. */
    Epoch find(int nibble) {
        for (int i = 0; i < keys.size(); i++) {
            Epoch epoch = keys.get(i);
            if (SealedLayout.groupNibble(epoch.number) == nibble) {
                return epoch;
            }
        }
        return null;
    }

    /** A datagram of an epoch was opened; the first one of a new epoch makes the one before old. */
    void onOpened(Epoch epoch, boolean isState, int sequence, long nowNs) {
        if (epoch.number > inUse) {
            begin(epoch.number, nowNs);
        }
        if (isState) {
            epoch.newestState = sequence;
        } else if (epoch.number == inUse) {
            boundOlder(sequence);
        }
    }

    private void begin(int number, long nowNs) {
        // Of those before, only the one that was in use until now is waited for.
        while (keys.get(0).number < inUse) {
            keys.remove(0).close();
        }
        inUse = number;
        for (Epoch each : keys) {
            if (each.number < number && !each.isOld) {
                each.isOld = true;
                each.deadlineNs = nowNs + OLD_KEY_NS;
            }
        }
    }

    private void boundOlder(int sequence) {
        for (int i = 0; i < keys.size() && keys.get(i).isOld; i++) {
            Epoch old = keys.get(i);
            if (!old.isBounded) {
                old.isBounded = true;
                old.endData = sequence;
            }
        }
    }

    @Override
    public void close() {
        keys.forEach(Epoch::close);
        keys.clear();
    }
}
