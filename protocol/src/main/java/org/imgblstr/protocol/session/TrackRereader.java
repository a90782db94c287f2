package org.imgblstr.protocol.session;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Encodes a track of the source once more for a repair. Called by the session's repair thread. */
public interface TrackRereader {
    /** Puts the track, encoded so that it stands alone, into {@code encoded} from its position on and leaves it flipped, ready to read. */
    void reread(int track, ByteBuffer encoded) throws IOException;
}
