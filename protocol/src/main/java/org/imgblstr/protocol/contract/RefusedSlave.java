package org.imgblstr.protocol.contract;

import java.util.UUID;

/**
 * A slave that heard a session and cannot take part.
 *
 * @param slaveId the same for the same machine and device
 * @param who which slave; it has no index
 * @param reason for the operator: what was expected, what was found, what to do
 */
public record RefusedSlave(UUID slaveId, SlaveName who, String reason) {
    /** The name shown to the operator. */
    public String label() {
        return who.label();
    }

    /** Its network address. */
    public String address() {
        return who.address();
    }
}
