package org.imgblstr.protocol.slave;

import java.util.UUID;

/**
 * Who a slave is.
 *
 * @param slaveId the same for the same machine and device
 * @param nonce fresh for each start
 * @param label shown to the operator, at most 64 bytes of UTF-8
 */
public record SlaveIdentity(UUID slaveId, long nonce, String label) {}
