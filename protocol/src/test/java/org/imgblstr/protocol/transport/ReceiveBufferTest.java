package org.imgblstr.protocol.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDatagramChannelConfig;
import io.netty.channel.socket.SocketProtocolFamily;
import org.imgblstr.protocol.wire.DatagramBatch;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** How reads are noted, by the calls that Netty makes. */
class ReceiveBufferTest {
    private static final int MOST = 1472;

    private final ReceiveBuffer buffer = new ReceiveBuffer(65_536);
    private final DatagramBatch batch = new DatagramBatch();

    /** recvmsg with GRO: the message as a whole, then pieces of it until nothing is left. */
    private int readCoalesced(int bytes, int segmentBytes) {
        buffer.start();
        buffer.writerIndex(bytes);
        ByteBuf message = buffer.retainedSlice(0, bytes);
        int packets = 0;
        do {
            message.readRetainedSlice(Math.min(message.readableBytes(), segmentBytes));
            packets++;
        } while (message.isReadable());
        message.release();
        return packets;
    }

    /** recvmmsg: each message at its own place. */
    private void readMany(int... lengths) {
        buffer.start();
        buffer.writerIndex(lengths.length * MOST);
        for (int length : lengths) {
            buffer.retainedSlice(buffer.readerIndex(), length);
            buffer.skipBytes(MOST);
        }
        buffer.release();
    }

    private void takeAll() {
        batch.start(buffer);
        while (buffer.hasMore()) {
            buffer.takeNext(batch);
        }
    }

    @Test
    void whatTheKernelCoalescedIsOnePacketAndAllItsDatagrams() {
        assertThat(readCoalesced(44 * MOST + 17, MOST)).isEqualTo(1);
        takeAll();

        assertThat(buffer.isCoalesced()).isTrue();
        assertThat(batch.count()).isEqualTo(45);
        assertThat(batch.offset(44)).isEqualTo(44 * MOST);
        assertThat(batch.length(44)).isEqualTo(17);
    }

    @Test
    void aSingleDatagramIsOneWithGroAndWithout() {
        buffer.start();
        buffer.writerIndex(100);
        buffer.retainedSlice(0, 100);
        takeAll();

        assertThat(buffer.isCoalesced()).isFalse();
        assertThat(batch.count()).isEqualTo(1);
        assertThat(batch.length(0)).isEqualTo(100);
    }

    @Test
    void datagramsOfOneCallKeepTheirPlacesAndLengths() {
        readMany(MOST, 32, MOST);
        takeAll();

        assertThat(buffer.isCoalesced()).isFalse();
        assertThat(batch.count()).isEqualTo(3);
        assertThat(batch.offset(1)).isEqualTo(MOST);
        assertThat(batch.length(1)).isEqualTo(32);
        assertThat(batch.offset(2)).isEqualTo(2 * MOST);
    }

    @Test
    void nobodyFreesIt() {
        assertThat(buffer.release()).isFalse();
        assertThat(buffer.release(3)).isFalse();
        assertThat(buffer.retain().retain(2)).isSameAs(buffer);
        assertThat(buffer.refCnt()).isEqualTo(1);
    }

    @Test
    void readingGoesOnWithoutGroWhereNothingCoalescesAndTriesItAgain() throws Exception {
        Assumptions.assumeTrue(Epoll.isAvailable(), "Netty's native library does not load here");
        EpollDatagramChannel channel = new EpollDatagramChannel(SocketProtocolFamily.INET);
        EpollDatagramChannelConfig config = channel.config();
        config.setUdpGro(true);
        ReadMode mode = new ReadMode(config, MOST, true);

        for (int i = 0; i < 255; i++) {
            readMany(MOST);
            mode.onRead(buffer);
        }
        readCoalesced(2 * MOST, MOST);
        mode.onRead(buffer);
        assertThat(config.isUdpGro()).as("something was coalesced").isTrue();
        for (int i = 0; i < 256; i++) {
            assertThat(config.isUdpGro()).isTrue();
            assertThat(config.getMaxDatagramPayloadSize()).isZero();
            readMany(MOST);
            mode.onRead(buffer);
        }
        int datagrams = 0;
        while (!config.isUdpGro()) {
            assertThat(config.getMaxDatagramPayloadSize()).isEqualTo(MOST);
            readMany(new int[44]);
            assertThat(mode.mayBeMore(buffer)).isTrue();
            mode.onRead(buffer);
            datagrams += 44;
        }
        assertThat(config.getMaxDatagramPayloadSize()).isZero();
        assertThat(datagrams).isBetween(100_000, 1_000_000);
        channel.unsafe().closeForcibly();
    }

    @Test
    void aReadThatDidNotFillTheBufferHasEmptiedTheSocket() throws Exception {
        Assumptions.assumeTrue(Epoll.isAvailable(), "Netty's native library does not load here");
        EpollDatagramChannel channel = new EpollDatagramChannel(SocketProtocolFamily.INET);
        ReadMode withoutGro = new ReadMode(channel.config(), MOST, false);

        readMany(MOST, MOST);
        assertThat(withoutGro.mayBeMore(buffer)).isFalse();
        readMany(new int[44]);
        assertThat(withoutGro.mayBeMore(buffer)).isTrue();
        channel.unsafe().closeForcibly();
    }
}
