package org.imgblstr.protocol.session;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.imgblstr.protocol.manifest.TrackDigester;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread of a master that reads tracks of the source again and puts them into the ring. Asked for each track once at a time. */
final class RepairReader implements TrackRing.RepairRequests {
    private static final Logger LOG = LoggerFactory.getLogger(RepairReader.class);

    private final TrackRereader rereader;
    private final int longestTrackBytes;
    private final Consumer<Exception> onFailure;
    private final BlockingQueue<Wish> wanted = new LinkedBlockingQueue<>();
    private Thread thread;

    private record Wish(int track, boolean isForDigest) {}

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
    public void request(int track, boolean isForDigest) {
        wanted.add(new Wish(track, isForDigest));
    }

    private void run(TrackRing ring) {
        try (TrackDigester digester = new TrackDigester()) {
            Wish wish = wanted.take();
            // Made when the first is wanted: most sessions want none.
            ByteBuffer encoded = ByteBuffer.allocateDirect(longestTrackBytes);
            while (true) {
                boolean isHashed = ring.late().isWanted(wish.track());
                if (isHashed || !wish.isForDigest()) {
                    rereader.reread(wish.track(), encoded.clear());
                }
                if (isHashed) {
                    ring.late().found(wish.track(), digester.digest(wish.track(), encoded));
                    ring.digestNews();
                }
                if (!wish.isForDigest() && !ring.appendRepair(wish.track(), encoded)) {
                    return;
                }
                wish = wanted.take();
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
