package org.imgblstr.protocol.contract;

/**
 * Which slave is meant.
 *
 * @param slave index the master gave it; 0 when it never joined
 * @param label its name
 * @param address its network address; on a slave that of the master; "" when unknown
 * @param machine what it runs on and what it overwrites
 */
public record SlaveName(int slave, String label, String address, SlaveMachine machine) {
    /** Of a slave whose machine nobody knows. */
    public SlaveName(int slave, String label, String address) {
        this(slave, label, address, SlaveMachine.UNKNOWN);
    }

    /** For a sentence: {@code slave 3 (pc03, 10.0.0.13)}. */
    public String describe() {
        return "slave " + slave + " (" + label + (address.isEmpty() ? "" : ", " + address) + ")";
    }
}
