package org.imgblstr.cli.master.control;

import java.io.IOException;
import org.imgblstr.protocol.session.SessionControl.Answer;

/** What a session says to those who connect to its socket. For one thread. */
interface ControlAnswers {
    /** {@code line}: a request, or what somebody took for one. */
    ControlReply answer(String line) throws IOException;

    /** What a connection is told that brought no request, or one that could not be carried out. */
    ControlReply refuse(Answer why) throws IOException;
}
