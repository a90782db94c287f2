package org.imgblstr.protocol.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.epoll.Epoll;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.imgblstr.protocol.contract.PortRange;
import org.imgblstr.protocol.transport.network.InterfaceChooser;
import org.imgblstr.protocol.transport.network.NetworkChoice;
import org.imgblstr.protocol.transport.network.NetworkException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions side by side on the ports that a firewall lets through: real sockets on {@code lo}. */
class SharedPortTest {
    private static final int LAST = 9;
    private static final long LIMIT_SECONDS = 20;

    private final List<Transport> open = new ArrayList<>();
    private final Random random = new Random();
    private final int port = 20_000 + random.nextInt(12_000);
    private final InetSocketAddress rendezvous = new InetSocketAddress("239.255.74." + (1 + random.nextInt(254)), port);

    @AfterEach
    void closeAll() {
        open.forEach(Transport::close);
    }

    @ParameterizedTest
    @EnumSource
    void slavesHearOnlyTheirOwnSessionOfSeveralOnOnePort(TransportKind kind) throws Exception {
        // given: three sessions, whose groups differ by their addresses only
        MasterTransport master = master(kind);
        List<InetSocketAddress> groups = new ArrayList<>();
        List<Ears> ears = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            groups.add(DataGroup.of(random.nextLong(), rendezvous));
            ears.add(new Ears());
            joinData(kind, ears.get(i), groups.get(i));
        }
        // when
        onLoop(master, () -> {
            for (int i = 0; i < 3; i++) {
                master.send(TestDatagrams.datagram(master, i, 200 + i), groups.get(i));
            }
            master.send(TestDatagrams.datagram(master, LAST, 200 + LAST), rendezvous);
        });
        // then: loopback delivers in order, so the rendezvous datagram ends what there is to hear
        for (Ears each : ears) {
            each.last.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
        for (int i = 0; i < 3; i++) {
            assertThat(ears.get(i).lengths).containsExactlyInAnyOrder(200 + i, 200 + LAST);
        }
    }

    @ParameterizedTest
    @EnumSource
    void mastersOfOneHostTakeOnePortAfterTheOther(TransportKind kind) throws Exception {
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ports.add(master(kind).localAddress().getPort());
        }
        assertThat(ports).containsExactly(port + 1, port + 2, port + 3);
    }

    @ParameterizedTest
    @EnumSource
    void aMasterSaysWhenAllItsPortsAreTaken(TransportKind kind) throws Exception {
        // given
        master(kind);
        master(kind);
        NetworkChoice lo = InterfaceChooser.choose("lo");
        // when, then
        assertThatThrownBy(() -> MasterTransport.open(lo, PortRange.only(port + 1), kind))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("UDP port " + (port + 1) + " is taken at 127.0.0.1")
                .hasMessageContaining("--ports");
        assertThatThrownBy(() -> MasterTransport.open(lo, new PortRange(port + 1, port + 2), kind))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("UDP ports " + (port + 1) + " to " + (port + 2) + " are all taken");
    }

    private MasterTransport master(TransportKind kind) throws NetworkException {
        requireAvailable(kind);
        MasterTransport master = MasterTransport.open(InterfaceChooser.choose("lo"), PortRange.from(port + 1), kind);
        open.add(master);
        return master;
    }

    private void joinData(TransportKind kind, Ears ears, InetSocketAddress group) throws Exception {
        requireAvailable(kind);
        SlaveTransport slave = SlaveTransport.open(InterfaceChooser.choose("lo"), rendezvous, kind);
        open.add(slave);
        slave.start(ears, () -> {});
        onLoop(slave, () -> slave.joinData(group));
        onLoop(slave, () -> {}); // what the join has left for the loop is done too
    }

    private static void onLoop(Transport transport, Runnable task) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        transport.execute(() -> {
            task.run();
            done.complete(null);
        });
        done.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    private static void requireAvailable(TransportKind kind) {
        Assumptions.assumeTrue(
                kind == TransportKind.NIO || Epoll.isAvailable(), "Netty's native library does not load here");
    }

    private static final class Ears implements TransportListener {
        private final List<Integer> lengths = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Void> last = new CompletableFuture<>();

        @Override
        public void onDatagram(ByteBuf datagram, InetSocketAddress from) {
            lengths.add(datagram.readableBytes());
            if (datagram.readableBytes() == 200 + LAST) {
                last.complete(null);
            }
        }

        @Override
        public void onFault(Throwable cause) {
            last.completeExceptionally(cause);
        }
    }
}
