package org.imgblstr.protocol.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** How batches are cut, held back and repeated, against a channel without a socket. */
class SenderTest {
    private static final InetSocketAddress TO = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
    private static final int EINVAL = -22;
    private static final int EMSGSIZE = -90;

    private final List<String> failures = new ArrayList<>();
    private final SlowChannel channel = new SlowChannel();

    @Test
    void aBatchIsCutWhereTheKernelsLimitsAre() {
        // given
        Sender sender = sender(true);
        ByteBuf ofManySmall = Unpooled.buffer().writeZero(28 * 90 + 7);
        ByteBuf ofFewLarge = Unpooled.buffer().writeZero(8972 * 15);
        // when
        sender.sendBatch(ofManySmall, 28, TO);
        sender.sendBatch(ofFewLarge, 8972, TO);
        // then
        assertThat(takeSent()).containsExactly("1120/28", "1120/28", "287/28", "62804/8972", "62804/8972", "8972");
        assertThat(ofManySmall.refCnt() + ofFewLarge.refCnt()).isZero();
        assertThat(failures).isEmpty();
    }

    @Test
    void withoutSegmentationEachDatagramGoesAlone() {
        ByteBuf batch = Unpooled.buffer().writeZero(100 * 3 + 1);
        sender(false).sendBatch(batch, 100, TO);
        assertThat(takeSent()).containsExactly("100", "100", "100", "1");
        assertThat(batch.refCnt()).isZero();
    }

    @Test
    void aFullSocketEndsWritabilityAndLosesNothing() {
        // given
        Sender sender = sender(true);
        channel.isFull = true;
        // when
        int batches = 0;
        while (sender.isWritable() && batches < 1_000) {
            sender.sendBatch(Unpooled.buffer().writeZero(40 * 1472), 1472, TO);
            batches++;
        }
        // then: 256 KiB are passed by the fifth batch of 57.5 KiB
        assertThat(batches).isEqualTo(5);
        assertThat(channel.outboundMessages()).isEmpty();
        // when
        channel.isFull = false;
        channel.flush();
        // then
        assertThat(sender.isWritable()).isTrue();
        assertThat(takeSent()).hasSize(5).containsOnly("58880/1472");
        assertThat(failures).isEmpty();
    }

    @Test
    void aRouteThatCannotSegmentGetsTheSameDatagramsOneByOne() {
        // given
        refuseSegmented(EINVAL);
        Sender sender = sender(true);
        ByteBuf batch = Unpooled.buffer().writeZero(250);
        // when
        sender.sendBatch(batch, 100, TO);
        sender.sendBatch(Unpooled.buffer().writeZero(200), 100, TO);
        // then
        assertThat(takeSent()).containsExactly("100", "100", "50", "100", "100");
        assertThat(sender.isSegmenting()).isFalse();
        assertThat(sender.failedDatagrams()).isZero();
        assertThat(failures).isEmpty();
        assertThat(batch.refCnt()).isZero();
    }

    @Test
    void anyOtherRefusalCountsEveryDatagramOfTheBatch() {
        // given
        refuseSegmented(EMSGSIZE);
        Sender sender = sender(true);
        ByteBuf batch = Unpooled.buffer().writeZero(250);
        // when
        sender.sendBatch(batch, 100, TO);
        // then
        assertThat(takeSent()).isEmpty();
        assertThat(sender.isSegmenting()).isTrue();
        assertThat(sender.failedDatagrams()).isEqualTo(3);
        assertThat(failures).containsExactly("3 NativeIoException");
        assertThat(batch.refCnt()).isZero();
    }

    @Test
    void aSegmentSizeOfZeroIsRefusedAndTheBufferReleased() {
        ByteBuf batch = Unpooled.buffer().writeZero(10);
        Sender sender = sender(true);
        assertThatThrownBy(() -> sender.sendBatch(batch, 0, TO)).isInstanceOf(IllegalArgumentException.class);
        assertThat(batch.refCnt()).isZero();
    }

    private Sender sender(boolean canSegment) {
        channel.config().setWriteBufferWaterMark(UdpSockets.WATER_MARK);
        return new Sender(
                channel,
                canSegment,
                (cause, datagrams) ->
                        failures.add(datagrams + " " + cause.getClass().getSimpleName()));
    }

    private void refuseSegmented(int errno) {
        Assumptions.assumeTrue(
                Epoll.isAvailable(), "Netty's native library, which makes such errors, does not load here");
        channel.pipeline().addLast(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
                if (message instanceof SegmentedDatagramPacket packet) {
                    packet.release();
                    promise.tryFailure(new Errors.NativeIoException("sendmmsg", errno));
                } else {
                    super.write(context, message, promise);
                }
            }
        });
    }

    /** What has been sent: its bytes, and the bytes of its segments where the kernel shall cut. */
    private List<String> takeSent() {
        List<String> sent = new ArrayList<>();
        for (DatagramPacket packet = channel.readOutbound(); packet != null; packet = channel.readOutbound()) {
            int bytes = packet.content().readableBytes();
            sent.add(packet instanceof SegmentedDatagramPacket cut ? bytes + "/" + cut.segmentSize() : "" + bytes);
            assertThat(packet.recipient()).isEqualTo(TO);
            packet.release();
        }
        return sent;
    }

    /** Takes nothing while it is full, as a socket does whose buffer is. */
    private static final class SlowChannel extends EmbeddedChannel {
        private boolean isFull;

        @Override
        protected void doWrite(ChannelOutboundBuffer in) throws Exception {
            if (!isFull) {
                super.doWrite(in);
            }
        }
    }
}
