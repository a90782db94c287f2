package org.imgblstr.protocol.transport;

import io.netty.channel.epoll.EpollDatagramChannelConfig;

/**
 * How a native socket is read. With GRO the kernel hands over a run of datagrams as one, at the price of one: best wherever a network card
 * or a virtual one coalesces. Where none does, each read would bring a single datagram: then recvmmsg, many datagrams a call, without
 * GRO. Never both: Netty 4.2.18 then takes a coalesced run for one datagram. Which it is shows by itself and is tried again from
 * time to time, as a network card coalesces at high rates only. On the loop only.
 */
final class ReadMode {
    /** Single datagrams in a row that show that nothing coalesces. */
    private static final int TRIAL_READS = 256;

    /** Datagrams after which GRO gets another trial: some seconds of a gigabit. */
    private static final int DATAGRAMS_TO_NEXT_TRIAL = 400_000;

    private final EpollDatagramChannelConfig config;
    private final int maxDatagramBytes;
    private boolean isGro;
    private int left;

    /** {@code canGro}: whether the channel of {@code config} took UDP_GRO; when not, it is set to recvmmsg for good. */
    ReadMode(EpollDatagramChannelConfig config, int maxDatagramBytes, boolean canGro) {
        this.config = config;
        this.maxDatagramBytes = maxDatagramBytes;
        this.isGro = canGro;
        this.left = canGro ? TRIAL_READS : Integer.MAX_VALUE;
    }

    /** A read is over. */
    void onRead(ReceiveBuffer buffer) {
        if (left == Integer.MAX_VALUE) {
            return;
        }
        if (isGro && buffer.isCoalesced()) {
            left = TRIAL_READS;
        } else {
            left -= buffer.packets();
            if (left <= 0) {
                change();
            }
        }
    }

    /** Whether a read may have left datagrams in the socket. */
    boolean mayBeMore(ReceiveBuffer buffer) {
        return isGro || buffer.packets() >= buffer.capacity() / maxDatagramBytes;
    }

    private void change() {
        isGro = !isGro;
        left = isGro ? TRIAL_READS : DATAGRAMS_TO_NEXT_TRIAL;
        if (isGro) {
            config.setMaxDatagramPayloadSize(0);
            config.setUdpGro(true);
        } else {
            // A run that was coalesced before comes cut off, fails its checksum and is repaired like any loss.
            config.setUdpGro(false);
            config.setMaxDatagramPayloadSize(maxDatagramBytes);
        }
    }
}
