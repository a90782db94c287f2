package org.imgblstr.protocol.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Keeps what it hears; its lists are read after one of its latches. */
final class Recorder implements TransportListener {
    private static final long LIMIT_SECONDS = 20;

    final List<Integer> sequences = new ArrayList<>();
    final List<Integer> sizes = new ArrayList<>();
    final List<Throwable> faults = new ArrayList<>();
    final CountDownLatch all;
    final CountDownLatch faulted = new CountDownLatch(2);
    final CountDownLatch sendFailed = new CountDownLatch(1);
    final CompletableFuture<String> warned = new CompletableFuture<>();
    final List<InetSocketAddress> froms = new ArrayList<>();
    volatile InetSocketAddress from;

    Recorder(int expected) {
        all = new CountDownLatch(expected);
    }

    void awaitAll() throws InterruptedException {
        assertThat(all.await(LIMIT_SECONDS, TimeUnit.SECONDS))
                .as("datagrams still missing: %d, faults %s", all.getCount(), faults)
                .isTrue();
    }

    @Override
    public void onDatagram(ByteBuf datagram, InetSocketAddress sender) {
        sizes.add(datagram.readableBytes());
        sequences.add(TestDatagrams.checkedSequence(datagram));
        froms.add(sender);
        from = sender;
        all.countDown();
    }

    @Override
    public void onFault(Throwable cause) {
        faults.add(cause);
        faulted.countDown();
    }

    @Override
    public void onSendFailed(int datagrams, IOException cause) {
        sendFailed.countDown();
    }

    @Override
    public void onWarning(String message) {
        warned.complete(message);
    }
}
