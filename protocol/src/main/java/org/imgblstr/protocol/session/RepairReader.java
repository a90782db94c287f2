package org.imgblstr.protocol.session;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread of a master that reads tracks of the source again and puts them into the ring. Asked for each track once at a time. */
final class RepairReader implements TrackRing.RepairRequests {
    private static final Logger LOG = LoggerFactory.getLogger(RepairReader.class);

    private final TrackRereader rereader;
    private final int longestTrackBytes;
    private final Consumer<Exception> onFailure;
    private final BlockingQueue<Integer> wanted = new LinkedBlockingQueue<>();
    private Thread thread;

    /** {@code onFailure}: told by the thread when a track cannot be read; nothing is read any more then. */
    RepairReader(TrackRereader rereader, int longestTrackBytes, Consumer<Exception> onFailure) {
        this.rereader = rereader;
        this.longestTrackBytes = longestTrackBytes;
        this.onFailure = onFailure;
    }

    void start(TrackRing ring) {
        thread = new Thread(() -> run(ring), "imgblstr-repair");
        thread.setDaemon(true);
        thread.start();
    }

    /** Ends the thread; nothing when it was not started. */
    void stop() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public void request(int track) {
        wanted.add(track);
    }

    private void run(TrackRing ring) {
        try {
            int track = wanted.take();
            // Made when the first is wanted: most sessions want none.
            ByteBuffer encoded = ByteBuffer.allocateDirect(longestTrackBytes);
            while (true) {
                rereader.reread(track, encoded.clear());
                if (!ring.appendRepair(track, encoded)) {
                    return;
                }
                track = wanted.take();
            }
        } catch (InterruptedException e) {
            LOG.debug("repair thread ends");
        } catch (IOException | RuntimeException e) {
            onFailure.accept(e);
        } catch (Error e) {
            onFailure.accept(new IllegalStateException("the thread that reads again failed: " + e, e));
        }
    }
}
