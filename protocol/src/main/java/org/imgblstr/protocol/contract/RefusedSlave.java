package org.imgblstr.protocol.contract;

import java.util.UUID;

/**
 * A slave that heard a session and cannot take part.
 *
 * @param slaveId the same for the same machine and device
 * @param label the name shown to the operator
 * @param address its network address
 * @param reason for the operator: what was expected, what was found, what to do
 */
public record RefusedSlave(UUID slaveId, String label, String address, String reason) {}
