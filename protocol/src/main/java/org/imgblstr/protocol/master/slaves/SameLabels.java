package org.imgblstr.protocol.master.slaves;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Notices that slaves have the same label, once for each label. One thread. */
public final class SameLabels {
    private final Set<String> told = new HashSet<>();

    /**
     * A slave has joined. Returns what the operator should know when another one of its label is there.
     *
     * @param all every slave of the session, the new one among them or not
     */
    public Optional<String> onJoined(SlaveEntry joined, List<SlaveEntry> all) {
        for (SlaveEntry other : all) {
            boolean isItself = other.slaveId().equals(joined.slaveId());
            if (!isItself && !other.isEnded() && other.label().equals(joined.label()) && told.add(joined.label())) {
                return Optional.of("two slaves are called " + joined.label() + ": " + apart(other, joined)
                        + "; give each slave a name of its own with imgslave --label");
            }
        }
        return Optional.empty();
    }

    /** Both by what tells them apart: the address, or else the hardware address, or else the disk. */
    private static String apart(SlaveEntry one, SlaveEntry other) {
        String first = one.name().address();
        String second = other.name().address();
        if (!first.equals(second)) {
            return first + " and " + second;
        }
        boolean isMacEnough = !one.machine().mac().equals(other.machine().mac());
        return first + ", "
                + (isMacEnough ? one.machine().mac() + " and " + other.machine().mac() : disks(one, other));
    }

    private static String disks(SlaveEntry one, SlaveEntry other) {
        return one.machine().disk() + " and " + other.machine().disk();
    }
}
