package org.imgblstr.cli.master.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.track.TrackSink;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpareSinkTest {
    /** A sink that fails at one of its calls. */
    private static final class Failing implements TrackSink, Closeable {
        private final List<String> calls = new ArrayList<>();
        private final int failing;

        Failing(int failing) {
            this.failing = failing;
        }

        private void call(String name) throws IOException {
            calls.add(name);
            if (calls.size() == failing) {
                throw new IOException("No space left on device");
            }
        }

        @Override
        public void data(int track, ByteBuffer encoded) throws IOException {
            call("data");
        }

        @Override
        public void skip(int firstTrack, int count, TrackKind kind) throws IOException {
            call("skip");
        }

        @Override
        public void end(byte[] contentDigest) throws IOException {
            call("end");
        }

        @Override
        public void close() {
            calls.add("close");
        }
    }

    @ParameterizedTest(name = "call {0}")
    @ValueSource(ints = {0, 1, 2, 3})
    void whatFailsIsClosedAtOnceAndTakesNothingMore(int failing) {
        // given
        Failing sink = new Failing(failing);
        List<IOException> told = new ArrayList<>();
        SpareSink<Failing> spare = new SpareSink<>(sink, told::add);
        // when
        spare.data(0, ByteBuffer.allocate(1));
        spare.skip(1, 1, TrackKind.ZERO);
        spare.end(new byte[32]);
        // then
        List<String> expected = new ArrayList<>(List.of("data", "skip", "end"));
        if (failing > 0) {
            expected.subList(failing, 3).clear();
            expected.add("close");
            assertThat(told).hasSize(1).containsExactly(spare.failure());
        } else {
            assertThat(told).isEmpty();
            assertThat(spare.failure()).isNull();
        }
        assertThat(sink.calls).isEqualTo(expected);
    }
}
