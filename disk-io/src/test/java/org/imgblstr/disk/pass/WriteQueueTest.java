package org.imgblstr.disk.pass;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackEncoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.pass.WriteQueue.Job;
import org.imgblstr.disk.pass.WriteQueue.Turn;
import org.junit.jupiter.api.Test;

/** No call here waits, so one thread plays all parts. */
class WriteQueueTest {
    private static final int GROUP = EncodedTrack.CHAIN_TRACKS;

    private final FakeSource source = FakeSource.shrinking(100, 3);
    private final WriteQueue queue = new WriteQueue(100, FakeSource.TRACK_BYTES);
    private final TrackEncoder encoder = TrackEncoder.ofChains(CodecChoice.parse("zstd:1"));
    private final Turn first = new Turn();
    private final Turn second = new Turn();

    @Test
    void allLinksOfAChainGoToOneWriterInOrder() throws IOException {
        put(0, 1, GROUP + 1, GROUP + 2);
        assertThat(poll(first)).isEqualTo(0);
        assertThat(poll(second)).isEqualTo(GROUP + 1);
        assertThat(poll(second)).isEqualTo(GROUP + 2);
        assertThat(queue.poll(second)).isNull();
        assertThat(poll(first)).isEqualTo(1);
        assertThat(queue.poll(first)).isNull();
        // One that comes late still goes to the writer that has the chain.
        put(GROUP + 3, 2 * GROUP + 1);
        assertThat(poll(first)).isEqualTo(2 * GROUP + 1);
        assertThat(queue.poll(first)).isNull();
        assertThat(poll(second)).isEqualTo(GROUP + 3);
    }

    @Test
    void whatIsPartOfNoChainGoesToAnyWriter() throws IOException {
        put(0);
        assertThat(poll(first)).isEqualTo(0);
        assertThat(FakeSource.isRandom(4)).isTrue();
        put(1, 4);
        queue.put(5, 3, TrackKind.UNUSED);
        assertThat(poll(second)).isEqualTo(4);
        assertThat(poll(second)).isEqualTo(5);
        assertThat(queue.poll(second)).isNull();
        assertThat(poll(first)).isEqualTo(1);
    }

    @Test
    void aWriterIsToldTheEndWhenOnlyOthersHaveWorkLeft() throws IOException {
        put(0, 1);
        assertThat(poll(first)).isEqualTo(0);
        queue.end();
        assertThat(queue.await(second)).isNull();
        assertThat(queue.await(first).track()).isEqualTo(1);
        assertThat(queue.await(first)).isNull();
    }

    @Test
    void onlyAsManyJobsAreMadeAsAreOnTheirWay() throws IOException {
        Set<Job> jobs = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int track = 0; track < 90; track++) {
            queue.put(track, 1, TrackKind.ZERO);
            Job job = queue.poll(first);
            jobs.add(job);
            queue.release(job);
        }
        assertThat(jobs).hasSize(1);
    }

    private void put(int... tracks) throws IOException {
        ByteBuffer encoded = ByteBuffer.allocate(EncodedTrack.maxBytes(FakeSource.TRACK_BYTES));
        for (int track : tracks) {
            encoder.encode(track, ByteBuffer.wrap(source.track(track)), encoded.clear());
            queue.put(track, encoded);
        }
    }

    private int poll(Turn turn) {
        return queue.poll(turn).track();
    }
}
