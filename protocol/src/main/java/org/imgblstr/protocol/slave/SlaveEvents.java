package org.imgblstr.protocol.slave;

import java.net.InetSocketAddress;
import org.imgblstr.protocol.session.SessionImage;

/** Told what happens to the slave's engine, within its calls. */
public interface SlaveEvents {
    /** The disk is open and the master has confirmed. */
    void onJoined(int slave, SessionImage image, InetSocketAddress master);

    /** The first track arrives. */
    void onStarted();

    void onWarning(String message);

    /** The engine is over; {@link SlaveEngine#result} tells how. */
    void onOver();
}
