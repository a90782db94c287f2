package org.imgblstr.protocol.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.epoll.Epoll;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.imgblstr.protocol.contract.PortRange;
import org.imgblstr.protocol.transport.network.InterfaceChooser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nothing is heard before who hears it is ready: a timer of an engine that is not open yet would be long due. */
class TransportStartTest {
    private static final long LIMIT_SECONDS = 20;
    private static final int DATAGRAMS = 3;
    private static final AtomicInteger PORT = new AtomicInteger(29_311);

    private final List<Transport> open = new ArrayList<>();

    @AfterEach
    void closeAll() {
        open.forEach(Transport::close);
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void whatIsToBeFirstComesBeforeWhatWasSentMeanwhile(TransportKind kind) throws Exception {
        // given
        Transport hearing = opened(kind);
        send(opened(kind), hearing.localAddress());
        List<String> order = new ArrayList<>();
        CountDownLatch all = new CountDownLatch(DATAGRAMS);
        // when
        hearing.start(
                new TransportListener() {
                    @Override
                    public void onDatagram(ByteBuf datagram, InetSocketAddress from) {
                        order.add("datagram");
                        all.countDown();
                    }

                    @Override
                    public void onFault(Throwable cause) {
                        order.add(cause.toString());
                    }
                },
                () -> order.add("first"));
        // then
        assertThat(all.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(order).containsExactly("first", "datagram", "datagram", "datagram");
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void whoCannotBeMadeReadyHearsNothing(TransportKind kind) throws Exception {
        // given
        Transport hearing = opened(kind);
        Transport sending = opened(kind);
        send(sending, hearing.localAddress());
        IllegalStateException bug = new IllegalStateException("bug");
        CompletableFuture<Throwable> fault = new CompletableFuture<>();
        List<ByteBuf> heard = new ArrayList<>();
        // when
        hearing.start(
                new TransportListener() {
                    @Override
                    public void onDatagram(ByteBuf datagram, InetSocketAddress from) {
                        heard.add(datagram);
                    }

                    @Override
                    public void onFault(Throwable cause) {
                        fault.complete(cause);
                    }
                },
                () -> {
                    throw bug;
                });
        // then
        assertThat(fault.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isSameAs(bug);
        send(sending, hearing.localAddress());
        for (int round = 0; round < 10; round++) {
            CountDownLatch turn = new CountDownLatch(1);
            hearing.schedule(turn::countDown, 1_000_000);
            assertThat(turn.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(heard).isEmpty();
    }

    private Transport opened(TransportKind kind) throws Exception {
        Assumptions.assumeTrue(
                kind == TransportKind.NIO || Epoll.isAvailable(), "Netty's native library does not load here");
        Transport transport =
                MasterTransport.open(InterfaceChooser.choose("lo"), PortRange.from(PORT.incrementAndGet()), kind);
        open.add(transport);
        return transport;
    }

    private static void send(Transport sending, InetSocketAddress to) throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        sending.execute(() -> {
            for (int i = 0; i < DATAGRAMS; i++) {
                sending.send(TestDatagrams.datagram(sending, i, 64), to);
            }
            sent.countDown();
        });
        assertThat(sent.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
}
