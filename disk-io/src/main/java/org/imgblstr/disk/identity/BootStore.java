package org.imgblstr.disk.identity;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The store of the boot manager of Windows (BCD): a registry hive, in which devices are named by the GUIDs of disk and partition. Such a GUID is
 * 16 bytes anywhere in the hive, and no checksum covers them.
 * <pre>
 *   0 "regf" | 4 sequence before a write u32 | 8 sequence after it u32
 * </pre>
 */
public final class BootStore {
    private static final int MAGIC = 0x66676572;
    private static final int FIRST_SEQUENCE = 4;
    private static final int SECOND_SEQUENCE = 8;

    private BootStore() {}

    /** Whether it is a hive that was written to its end; another one would be mended from its log, with the old bytes. */
    public static boolean isClean(byte[] hive) {
        ByteBuffer bytes = ByteBuffer.wrap(hive).order(ByteOrder.LITTLE_ENDIAN);
        return hive.length > SECOND_SEQUENCE + Integer.BYTES
                && bytes.getInt(0) == MAGIC
                && bytes.getInt(FIRST_SEQUENCE) == bytes.getInt(SECOND_SEQUENCE);
    }

    /** Those of some GUIDs that stand in it; {@code ids} in small letters, those that are no GUIDs count as absent. */
    public static Set<String> in(byte[] hive, Iterable<String> ids) {
        Set<String> found = new HashSet<>();
        for (String id : ids) {
            if (isGuid(id) && place(hive, Guids.bytes(UUID.fromString(id)), 0) >= 0) {
                found.add(id);
            }
        }
        return found;
    }

    /** A copy with other GUIDs: new ones by old ones; what is no GUID is left out. */
    public static byte[] rewritten(byte[] hive, Map<String, String> changes) {
        byte[] changed = hive.clone();
        changes.forEach((before, after) -> {
            if (isGuid(before)) {
                byte[] old = Guids.bytes(UUID.fromString(before));
                // Looked for in what was there, so that no new one is taken for an old one.
                for (int at = place(hive, old, 0); at >= 0; at = place(hive, old, at + 1)) {
                    System.arraycopy(Guids.bytes(UUID.fromString(after)), 0, changed, at, Guids.BYTES);
                }
            }
        });
        return changed;
    }

    private static boolean isGuid(String id) {
        return id.length() == 36;
    }

    private static int place(byte[] bytes, byte[] sought, int from) {
        for (int at = from; at + sought.length <= bytes.length; at++) {
            if (bytes[at] == sought[0] && Arrays.equals(bytes, at, at + sought.length, sought, 0, sought.length)) {
                return at;
            }
        }
        return -1;
    }
}
