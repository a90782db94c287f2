package org.imgblstr.protocol.wire;

import org.imgblstr.protocol.contract.SlaveResult;

/**
 * The master has heard a slave's Disconnect. Source: docs/protocol.md, section 3.10.
 * <pre>
 *   12      14       16      24
 *   | slave | result | nonce |
 * </pre>
 */
public final class DisconnectAcknowledgeFlyweight extends CommandFlyweight<DisconnectAcknowledgeFlyweight> {
    private static final int SLAVE = HEADER_BYTES;
    private static final int RESULT = SLAVE + Short.BYTES;
    private static final int NONCE = RESULT + Short.BYTES;
    static final int FIXED_BYTES = NONCE + Long.BYTES;

    public DisconnectAcknowledgeFlyweight() {
        super(CommandType.DISCONNECT_ACKNOWLEDGE);
    }

    /** Whether slave and result can be. */
    public boolean isValid() {
        return hasFixedFields() && isSlaveIndex(slave()) && DisconnectResult.isCode(u16(RESULT));
    }

    /** Index of the slave, 1 to 65534. */
    public int slave() {
        return u16(SLAVE);
    }

    public DisconnectAcknowledgeFlyweight slave(int value) {
        return put16(SLAVE, value);
    }

    /** The result echoed. */
    public SlaveResult.Result result() {
        return DisconnectResult.ofCode(u16(RESULT));
    }

    public DisconnectAcknowledgeFlyweight result(SlaveResult.Result value) {
        return put16(RESULT, DisconnectResult.codeOf(value));
    }

    /** The nonce echoed. */
    public long nonce() {
        return i64(NONCE);
    }

    public DisconnectAcknowledgeFlyweight nonce(long value) {
        return put64(NONCE, value);
    }

    @Override
    DisconnectAcknowledgeFlyweight self() {
        return this;
    }

    @Override
    int bodyEnd() {
        return FIXED_BYTES;
    }
}
