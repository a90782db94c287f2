package org.imgblstr.protocol.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.imgblstr.protocol.contract.PortRange;
import org.imgblstr.protocol.transport.network.IgmpTable;
import org.imgblstr.protocol.transport.network.InterfaceChooser;
import org.imgblstr.protocol.transport.network.NetworkChoice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Real sockets on {@code lo}, several slaves in one process, with both kinds of sockets. */
class LoopbackTransportTest {
    private static final long LIMIT_SECONDS = 20;

    private final List<Transport> open = new ArrayList<>();
    private final Random random = new Random();
    private final int port = 20_000 + random.nextInt(12_000);
    private final InetSocketAddress rendezvous = new InetSocketAddress("239.255.73." + (1 + random.nextInt(254)), port);
    private final InetSocketAddress dataGroup = DataGroup.of(random.nextLong(), rendezvous);

    @AfterEach
    void closeAll() {
        open.forEach(Transport::close);
    }

    static Stream<Arguments> kindsAndSizes() {
        return Stream.of(TransportKind.values())
                .flatMap(kind -> Stream.of(28, 29, 1472, 8972, 40_000).map(bytes -> Arguments.of(kind, bytes)));
    }

    @ParameterizedTest(name = "{0}, {1} bytes")
    @MethodSource("kindsAndSizes")
    void everySlaveHearsEveryDatagramOfABatchAsItWasSent(TransportKind kind, int datagramBytes) throws Exception {
        // given: two batches of 40 and a third that ends with a shorter datagram
        int count = 103;
        MasterTransport master = master(kind, new Recorder(0));
        List<Recorder> recorders = List.of(new Recorder(count), new Recorder(count), new Recorder(count));
        for (Recorder recorder : recorders) {
            joinData(slave(kind, recorder));
        }
        // when
        onLoop(
                master,
                () -> master.sendBatch(TestDatagrams.batch(master, count, datagramBytes, 5), datagramBytes, dataGroup));
        // then
        for (Recorder recorder : recorders) {
            recorder.awaitAll();
            assertThat(recorder.faults).isEmpty();
            assertThat(recorder.sequences).containsExactlyElementsOf(TestDatagrams.firstSequences(count));
            assertThat(recorder.sizes.subList(0, count - 1)).containsOnly(datagramBytes);
            assertThat(recorder.sizes.get(count - 1)).isEqualTo(datagramBytes - 5);
            assertThat(recorder.from).isEqualTo(master.localAddress());
        }
    }

    @Test
    void datagramsThatComeOneByOneAndFromSeveralHostsArriveAsTheyWereSent() throws Exception {
        // given: senders without batches, so many datagrams that the slave goes over to reading without GRO
        int count = 600;
        MasterTransport master = master(TransportKind.NIO, new Recorder(0));
        MasterTransport other = master(TransportKind.NIO, new Recorder(0));
        Recorder recorder = new Recorder(2 * count);
        joinData(slave(TransportKind.EPOLL, recorder));
        // when
        for (int part = 0; part < count; part += 50) {
            int first = part;
            for (MasterTransport sender : List.of(master, other)) {
                onLoop(sender, () -> {
                    for (int i = first; i < first + 50; i++) {
                        sender.send(TestDatagrams.datagram(sender, i, 100 + i), dataGroup);
                    }
                });
            }
        }
        // then
        recorder.awaitAll();
        assertThat(recorder.faults).isEmpty();
        assertThat(recorder.froms).hasSize(2 * count);
        for (MasterTransport sender : List.of(master, other)) {
            List<Integer> ofSender = new ArrayList<>();
            for (int i = 0; i < 2 * count; i++) {
                if (recorder.froms.get(i).equals(sender.localAddress())) {
                    ofSender.add(recorder.sequences.get(i));
                }
            }
            assertThat(ofSender).containsExactlyElementsOf(TestDatagrams.firstSequences(count));
        }
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void rendezvousAndAnswersReachTheirPorts(TransportKind kind) throws Exception {
        // given
        Recorder atMaster = new Recorder(2);
        MasterTransport master = master(kind, atMaster);
        Recorder atSlave = new Recorder(3);
        SlaveTransport slave = slave(kind, atSlave);
        // when: one to the group, two to the slave's own port, two back
        onLoop(master, () -> {
            master.send(TestDatagrams.datagram(master, 0, 100), rendezvous);
            master.send(TestDatagrams.datagram(master, 1, 100), slave.localAddress());
            master.send(TestDatagrams.datagram(master, 2, 100), slave.localAddress());
        });
        onLoop(slave, () -> {
            slave.send(TestDatagrams.datagram(slave, 0, 64), master.localAddress());
            slave.send(TestDatagrams.datagram(slave, 1, 64), master.localAddress());
        });
        // then
        atSlave.awaitAll();
        atMaster.awaitAll();
        assertThat(atSlave.sequences).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(atMaster.sequences).containsExactly(0, 1);
        assertThat(atMaster.from).isEqualTo(slave.localAddress());
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void aTransportThatMovesGoesOnAtItsNewAddress(TransportKind kind) throws Exception {
        // given
        Recorder atMaster = new Recorder(1);
        MasterTransport master = master(kind, atMaster);
        Recorder atSlave = new Recorder(3);
        SlaveTransport slave = slave(kind, atSlave);
        joinData(slave);
        InetSocketAddress before = master.localAddress();
        // when
        for (Transport each : List.of(master, slave)) {
            String address = each == master ? "127.0.0.2" : "127.0.0.3";
            onLoop(each, () -> each.moveTo(at(address, each.network())));
            onLoop(each, () -> {}); // the new socket is bound
        }
        onLoop(master, () -> {
            master.send(TestDatagrams.datagram(master, 0, 100), rendezvous);
            master.send(TestDatagrams.datagram(master, 1, 100), dataGroup);
            master.send(TestDatagrams.datagram(master, 2, 100), slave.localAddress());
        });
        onLoop(slave, () -> slave.send(TestDatagrams.datagram(slave, 0, 64), master.localAddress()));
        // then
        atSlave.awaitAll();
        atMaster.awaitAll();
        assertThat(atSlave.sequences).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(atSlave.from)
                .isEqualTo(master.localAddress())
                .isEqualTo(new InetSocketAddress("127.0.0.2", before.getPort()));
        assertThat(atMaster.from.getAddress().getHostAddress()).isEqualTo("127.0.0.3");
        assertThat(List.of(atMaster, atSlave)).allMatch(recorder -> recorder.faults.isEmpty());
    }

    private static NetworkChoice at(String address, NetworkChoice network) {
        try {
            return new NetworkChoice(
                    network.networkInterface(),
                    (java.net.Inet4Address) InetAddress.getByName(address),
                    network.nodeAddress(),
                    network.mtu(),
                    network.linkMbits());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void aSlaveHearsTheDataGroupAgainAfterRejoinAndNotAfterLeaving(TransportKind kind) throws Exception {
        // given
        MasterTransport master = master(kind, new Recorder(0));
        Recorder staying = new Recorder(2);
        SlaveTransport stayingSlave = slave(kind, staying);
        joinData(stayingSlave);
        Recorder leaving = new Recorder(1);
        SlaveTransport leavingSlave = slave(kind, leaving);
        joinData(leavingSlave);
        // when
        onLoop(stayingSlave, stayingSlave::rejoin);
        onLoop(leavingSlave, leavingSlave::leaveData);
        onLoop(master, () -> {
            master.send(TestDatagrams.datagram(master, 0, 200), dataGroup);
            master.send(TestDatagrams.datagram(master, 1, 200), rendezvous);
        });
        // then: loopback delivers in order, so the rendezvous datagram closes the wait
        staying.awaitAll();
        leaving.awaitAll();
        assertThat(staying.sequences).containsExactlyInAnyOrder(0, 1);
        assertThat(leaving.sequences).containsExactly(1);
        assertThat(onLoop(stayingSlave, stayingSlave::socketDrops)).isZero();
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void aDatagramTooLongForTheInterfaceIsReportedNotThrown(TransportKind kind) throws Exception {
        Recorder recorder = new Recorder(0);
        MasterTransport master = master(kind, recorder);
        onLoop(master, () -> master.send(master.allocate(65_508).writeZero(65_508), dataGroup));
        assertThat(recorder.sendFailed.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(onLoop(master, master::failedDatagrams)).isEqualTo(1);
        assertThat(recorder.faults).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void whatACallbackOrTaskThrowsIsReportedAsAFault(TransportKind kind) throws Exception {
        // given
        IllegalStateException bug = new IllegalStateException("bug");
        CompletableFuture<Throwable> fromDatagram = new CompletableFuture<>();
        MasterTransport master = MasterTransport.open(InterfaceChooser.choose("lo"), PortRange.from(port + 1), kind);
        open.add(master);
        master.start(
                new TransportListener() {
                    @Override
                    public void onDatagram(ByteBuf datagram, InetSocketAddress from) {
                        throw bug;
                    }

                    @Override
                    public void onFault(Throwable cause) {
                        fromDatagram.complete(cause);
                    }
                },
                () -> {});
        Recorder recorder = new Recorder(0);
        SlaveTransport slave = slave(kind, recorder);
        // when
        onLoop(slave, () -> slave.send(TestDatagrams.datagram(slave, 0, 64), master.localAddress()));
        slave.execute(() -> {
            throw bug;
        });
        slave.schedule(
                () -> {
                    throw bug;
                },
                1_000);
        // then
        assertThat(fromDatagram.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isSameAs(bug);
        assertThat(recorder.faulted.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(recorder.faults).containsExactly(bug, bug);
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void timersRunByDeadlineNeverEarlyAndNotOnceCancelled(TransportKind kind) throws Exception {
        // given
        MasterTransport master = master(kind, new Recorder(0));
        List<String> ran = new ArrayList<>();
        AtomicBoolean early = new AtomicBoolean();
        CountDownLatch done = new CountDownLatch(1);
        // when: far enough apart for a machine that stops between two of these lines
        master.execute(() -> {
            for (int delayMs : new int[] {600, 0, 300}) {
                long startNs = master.nowNs();
                master.schedule(
                        () -> {
                            early.compareAndSet(false, master.nowNs() - startNs < delayMs * 1_000_000L);
                            ran.add(delayMs + " ms");
                        },
                        delayMs * 1_000_000L);
            }
            Scheduled cancelled = master.schedule(() -> ran.add("cancelled"), 300_000_000);
            cancelled.cancel();
            master.schedule(() -> ran.add("never"), Long.MAX_VALUE);
            master.schedule(done::countDown, 900_000_000);
        });
        // then
        assertThat(done.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(ran).containsExactly("0 ms", "300 ms", "600 ms");
        assertThat(early).isFalse();
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void closingEndsTheThreadAndWhatComesLaterIsDropped(TransportKind kind) throws Exception {
        // given
        SlaveTransport slave = slave(kind, new Recorder(0));
        Thread loop = onLoop(slave, Thread::currentThread);
        assertThat(loop.isDaemon()).isTrue();
        // when
        slave.close();
        slave.close();
        // then
        loop.join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
        assertThat(loop.isAlive()).isFalse();
        slave.execute(() -> {
            throw new IllegalStateException("ran after the end");
        });
        slave.schedule(() -> {}, 1).cancel();
        // The JDK closes a socket for good a little later than its channel.
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (IgmpTable.isJoined("lo", (java.net.Inet4Address) rendezvous.getAddress())) {
            assertThat(System.nanoTime() - endNs).as("the group is left").isNegative();
            Thread.onSpinWait();
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("globalEventExecutor"));
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void aPortThatIsTakenFailsTheJoinAndIsReported(TransportKind kind) throws Exception {
        // given: a socket that shares its port with nobody
        InetSocketAddress group = new InetSocketAddress(dataGroup.getAddress(), port + 1);
        Recorder recorder = new Recorder(0);
        SlaveTransport slave = slave(kind, recorder);
        try (java.net.DatagramSocket taken = new java.net.DatagramSocket(null)) {
            taken.setReuseAddress(false);
            taken.bind(new InetSocketAddress(group.getPort()));
            // when
            onLoop(slave, () -> slave.joinData(group));
            // then
            assertThat(recorder.warned.get(LIMIT_SECONDS, TimeUnit.SECONDS)).contains(String.valueOf(group.getPort()));
        }
        joinData(slave);
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void onlyIpv4GroupsAreTaken(TransportKind kind) throws IOException {
        requireAvailable(kind);
        NetworkChoice lo = InterfaceChooser.choose("lo");
        assertThatThrownBy(() ->
                        SlaveTransport.open(lo, new InetSocketAddress(InetAddress.getLoopbackAddress(), 18_765), kind))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private MasterTransport master(TransportKind kind, TransportListener listener) throws IOException {
        requireAvailable(kind);
        MasterTransport master = MasterTransport.open(InterfaceChooser.choose("lo"), PortRange.from(port + 1), kind);
        open.add(master);
        master.start(listener, () -> {});
        return master;
    }

    private SlaveTransport slave(TransportKind kind, TransportListener listener) throws IOException {
        requireAvailable(kind);
        SlaveTransport slave = SlaveTransport.open(InterfaceChooser.choose("lo"), rendezvous, kind);
        open.add(slave);
        slave.start(listener, () -> {});
        return slave;
    }

    private void joinData(SlaveTransport slave) throws Exception {
        onLoop(slave, () -> slave.joinData(dataGroup));
        onLoop(slave, () -> {}); // what the join has left for the loop is done too
        assertThat(IgmpTable.isJoined("lo", (java.net.Inet4Address) dataGroup.getAddress()))
                .isTrue();
    }

    private static void requireAvailable(TransportKind kind) {
        Assumptions.assumeTrue(
                kind == TransportKind.NIO || Epoll.isAvailable(), "Netty's native library does not load here");
    }

    private static void onLoop(Transport transport, Runnable task) throws Exception {
        onLoop(transport, () -> {
            task.run();
            return null;
        });
    }

    private static <T> T onLoop(Transport transport, java.util.concurrent.Callable<T> task) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        transport.execute(() -> {
            try {
                result.complete(task.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }
}
