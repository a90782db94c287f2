package org.imgblstr.protocol.contract;

import java.util.HexFormat;

/**
 * What a slave runs on and what it overwrites: by this an operator tells apart slaves that have the same label. A text is "" where nobody
 * knows it.
 *
 * @param mac hardware address of the network interface that the slave uses, as {@code 52:54:00:12:34:56}
 * @param path the device or file that the slave overwrites
 * @param model model of the disk; {@code file} for a regular file
 * @param serial serial number of the disk
 * @param bytes size of the disk; 0 when unknown
 */
public record SlaveMachine(String mac, String path, String model, String serial, long bytes) {
    /** The model of a target that is a regular file. */
    public static final String FILE = "file";

    /** Nothing is known. */
    public static final SlaveMachine UNKNOWN = new SlaveMachine("", "", "", "", 0);

    private static final int MAC_BYTES = 6;
    private static final int BITS_BELOW_MAC = 16;

    /** The same disk behind this network interface. */
    public SlaveMachine withMac(String address) {
        return new SlaveMachine(address, path, model, serial, bytes);
    }

    /** The text of a hardware address: EUI-48 in the high 48 bits of {@code node}; "" for 0. */
    public static String mac(long node) {
        if (node == 0) {
            return "";
        }
        byte[] bytes = new byte[MAC_BYTES];
        for (int i = 0; i < MAC_BYTES; i++) {
            bytes[i] = (byte) (node >>> (Long.SIZE - Byte.SIZE * (i + 1)));
        }
        return HexFormat.ofDelimiter(":").formatHex(bytes);
    }

    /** The hardware address of such a text, in the high 48 bits; 0 for "". */
    public static long node(String mac) {
        return mac.isEmpty() ? 0 : HexFormat.fromHexDigitsToLong(mac.replace(":", "")) << BITS_BELOW_MAC;
    }

    /** The disk for a person, without its size: path, model and serial, as far as they are known. */
    public String disk() {
        String name = serial.isEmpty() ? model : (model.isEmpty() ? "serial " + serial : model + " (" + serial + ")");
        return path.isEmpty() || name.isEmpty() ? path + name : path + ", " + name;
    }
}
