package org.imgblstr.cli.master.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.protocol.session.SessionControl.Answer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to the socket of a session: a request comes, a line goes, and the connection ends. Nothing here blocks. For one thread. */
final class ControlConnection {
    private static final Logger LOG = LoggerFactory.getLogger(ControlConnection.class);

    private static final int MOST_REQUEST_BYTES = 4096;

    /** What follows a request is read and dropped, as much as this times the largest request: whoever sent it reads the answer without an error. */
    private static final int MOST_DROPPED = 16;

    static final Answer TOO_LONG = new Answer(
            ExitCode.USAGE,
            "the request is longer than " + MOST_REQUEST_BYTES + " bytes; docs/control.md says what it is");

    static final Answer TOO_LATE = new Answer(
            ExitCode.USAGE,
            "no whole request came in time: expected one line with a JSON object, as docs/control.md says");

    static final Answer FAULT = new Answer(
            ExitCode.FAULT, "the request could not be carried out: this is a fault of the program; its log says more");

    private final SocketChannel channel;
    private final SelectionKey key;
    private final long sinceNs;
    private final ByteBuffer received = ByteBuffer.allocate(MOST_REQUEST_BYTES);
    private ByteBuffer reply;

    ControlConnection(SocketChannel accepted, Selector selector, long nowNs) throws IOException {
        channel = accepted;
        sinceNs = nowNs;
        accepted.configureBlocking(false);
        key = accepted.register(selector, SelectionKey.OP_READ, this);
    }

    long ageNs(long nowNs) {
        return nowNs - sinceNs;
    }

    /** Goes on as far as it can without waiting. */
    void serve(ControlAnswers answers) {
        try {
            if (reply == null) {
                receive(answers);
            } else {
                write();
            }
        } catch (IOException e) {
            LOG.debug("a connection ended early: {}", e.toString());
            close();
        } catch (RuntimeException e) {
            LOG.error("a request from another shell was not carried out", e);
            end(FAULT, answers);
        }
    }

    private void receive(ControlAnswers answers) throws IOException {
        int count = channel.read(received);
        int end = lineEnd();
        boolean isOver = count < 0;
        if (isOver && received.position() == 0) {
            // Somebody has looked whether the session is there.
            close();
        } else if (end >= 0 || isOver || isWhole()) {
            answer(answers.answer(text(end >= 0 ? end : received.position())));
        } else if (!received.hasRemaining()) {
            answer(answers.refuse(TOO_LONG));
        }
    }

    /** Where the first line ends; -1 when it has no end yet. */
    private int lineEnd() {
        for (int at = 0; at < received.position(); at++) {
            if (received.get(at) == '\n') {
                return at;
            }
        }
        return -1;
    }

    /** Whether a request is there to which nothing can be added, though its line has no end. */
    private boolean isWhole() {
        String text = text(received.position()).strip();
        return text.endsWith("}") && ControlRequest.parse(text) != null;
    }

    private String text(int end) {
        return new String(received.array(), 0, end, StandardCharsets.UTF_8);
    }

    private void answer(ControlReply given) throws IOException {
        reply = StandardCharsets.UTF_8.encode(given.line() + "\n");
        try {
            key.interestOps(SelectionKey.OP_WRITE);
            write();
        } finally {
            // Whoever gave an order may have left before the answer: the order stands.
            given.after().run();
        }
    }

    private void write() throws IOException {
        channel.write(reply);
        if (!reply.hasRemaining()) {
            dropRest();
            close();
        }
    }

    private void dropRest() throws IOException {
        for (int i = 0; i < MOST_DROPPED; i++) {
            received.clear();
            if (channel.read(received) <= 0) {
                return;
            }
        }
    }

    /** Its time is over: says why, unless an answer is on its way, and closes. */
    void end(Answer why, ControlAnswers answers) {
        try {
            if (reply == null && channel.isOpen()) {
                answer(answers.refuse(why));
            }
        } catch (IOException e) {
            LOG.debug("a connection ended before it was told that its time is over: {}", e.toString());
        } finally {
            close();
        }
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("a connection could not be closed: {}", e.toString());
        }
    }
}
