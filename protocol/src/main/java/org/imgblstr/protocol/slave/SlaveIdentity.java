package org.imgblstr.protocol.slave;

import java.util.UUID;
import org.imgblstr.protocol.contract.SlaveMachine;

/**
 * Who a slave is.
 *
 * @param slaveId the same for the same machine and device
 * @param nonce fresh for each start
 * @param label shown to the operator, at most 64 bytes of UTF-8
 * @param machine what it runs on and what it overwrites
 */
public record SlaveIdentity(UUID slaveId, long nonce, String label, SlaveMachine machine) {}
