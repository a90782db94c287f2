package org.imgblstr.protocol.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imgblstr.protocol.sealing.SealedDatagrams.OFFSET;
import static org.imgblstr.protocol.sealing.SealedDatagrams.PRIMITIVES;
import static org.imgblstr.protocol.sealing.SealedDatagrams.SESSION;
import static org.imgblstr.protocol.sealing.SealedDatagrams.SESSION_ID;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import java.lang.management.ManagementFactory;
import org.imgblstr.protocol.wire.Datagram;
import org.junit.jupiter.api.Test;

/** Sealing and opening a datagram leaves no garbage, as each datagram of data is sealed and opened once. */
class SealingAllocationTest {
    private static final int DATAGRAMS = 10_000;

    @Test
    void sealingAndOpeningAllocatesNothing() {
        assumeTrue(!PRIMITIVES.form().equals("Java"), "OpenSSL's libcrypto.so.3 is not installed");
        Epochs epochs = new Epochs(SESSION_ID, PRIMITIVES);
        epochs.add(SealedDatagrams.group(1));
        GroupOpener opener = new GroupOpener(SESSION, epochs, (buffer, offset, length) -> true, new SealCounts());
        GroupSealer sealer = SealedDatagrams.dataSealer(1, 0);
        ByteBuf datagram = SealedDatagrams.toGroup(0);
        int length = SealedDatagrams.length(datagram);
        assertThat(sealAndOpen(sealer, opener, datagram, length, 1)).isEqualTo(DATAGRAMS);

        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();
        int opened = sealAndOpen(sealer, opener, datagram, length, 1 + DATAGRAMS);
        long allocated = thread.getCurrentThreadAllocatedBytes() - before;

        assertThat(opened).isEqualTo(DATAGRAMS);
        assertThat(allocated).isLessThan(DATAGRAMS);
    }

    private static int sealAndOpen(GroupSealer sealer, GroupOpener opener, ByteBuf datagram, int length, int first) {
        int opened = 0;
        for (int sequence = first; sequence < first + DATAGRAMS; sequence++) {
            Datagram.putSequence(datagram, OFFSET, sequence);
            int sealed = sealer.seal(datagram, OFFSET, length);
            opened += opener.open(datagram, OFFSET, sealed, 0) == length ? 1 : 0;
        }
        return opened;
    }
}
