package org.imgblstr.cli.common.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import org.imgblstr.disk.geometry.UnreadableSectors;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SlaveCounters;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.contract.SlaveName;
import org.imgblstr.protocol.contract.SlaveResult;
import org.imgblstr.protocol.contract.Words;
import org.imgblstr.protocol.session.SlaveProgress;

/**
 * Writes events, one JSON object a line, each in one write. Safe for use by several threads. Specification: docs/events.schema.json.
 */
public final class EventWriter {
    private static final JsonFactory JSON = new JsonFactory();
    private static final HexFormat HEX = HexFormat.of();

    private final OutputStream out;
    private final Clock clock;
    private long sessionId;
    private Sealing sealing;

    public EventWriter(OutputStream out, Clock clock) {
        this.out = out;
        this.clock = clock;
    }

    /** The session that later events belong to; 0 until there is one. */
    public synchronized void session(long id) {
        sessionId = id;
    }

    /** How the session is sealed, for later plans and summaries; null until it is known, and without a session. */
    public synchronized void sealing(Sealing how) {
        sealing = how;
    }

    private void writeSealing(JsonGenerator json) throws IOException {
        json.writeStringField("sealing", sealing == null ? null : sealing.word());
    }

    /** The words by which slaves join. */
    public void joinCode(String words) {
        write("join-code", json -> json.writeStringField("code", words));
    }

    public void plan(Plan plan) {
        write("plan", json -> {
            json.writeStringField("function", plan.function());
            writeSealing(json);
            json.writeArrayFieldStart("steps");
            for (Plan.Step step : plan.steps()) {
                json.writeStartObject();
                json.writeStringField("action", step.action().word());
                json.writeStringField("target", step.target());
                json.writeStringField("detail", step.detail());
                writeKnown(json, "bytes", step.bytes());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("volumes");
            for (Plan.Volume volume : plan.volumes()) {
                json.writeStartObject();
                json.writeNumberField("partition", volume.partition());
                json.writeStringField("name", volume.name());
                json.writeStringField("fileSystem", volume.fileSystem());
                json.writeStringField("label", volume.label());
                json.writeNumberField("bytesUsed", volume.usedBytes());
                json.writeNumberField("bytes", volume.sizeBytes());
                json.writeStringField("whyAll", volume.whyAll());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    public void listening(String interfaceName, String group, String device, String label) {
        write("listening", json -> {
            json.writeStringField("interface", interfaceName);
            json.writeStringField("group", group);
            json.writeStringField("device", device);
            json.writeStringField("label", label);
        });
    }

    public void slaveJoined(SlaveProgress slave) {
        write("slave-joined", json -> writeSlave(json, slave.who()));
    }

    public void slaveLeft(SlaveProgress slave, String reason) {
        change("slave-left", slave, reason);
    }

    public void slaveBack(SlaveProgress slave, String reason) {
        change("slave-back", slave, reason);
    }

    private void change(String event, SlaveProgress slave, String reason) {
        write(event, json -> {
            writeSlave(json, slave.who());
            json.writeStringField("reason", reason);
        });
    }

    public void slaveRefused(RefusedSlave slave) {
        write("slave-refused", json -> writeRefused(json, slave));
    }

    private static void writeRefused(JsonGenerator json, RefusedSlave slave) throws IOException {
        writeName(json, slave.who());
        json.writeStringField("reason", slave.reason());
    }

    /** {@code slaves}: how many data flows to; on a slave 1, without a network 0. */
    public void started(int slaves, long bytesTotal) {
        write("started", json -> {
            json.writeNumberField("slaves", slaves);
            json.writeNumberField("bytesTotal", bytesTotal);
        });
    }

    public void progress(Progress progress, double rate, long etaSeconds) {
        write("progress", json -> {
            json.writeNumberField("bytesDone", progress.bytesDone());
            json.writeNumberField("bytesTotal", progress.bytesTotal());
            json.writeNumberField("percent", progress.percent());
            json.writeNumberField("wireBytes", progress.wireBytes());
            json.writeNumberField("rate", Math.round(rate));
            writeKnown(json, "etaSeconds", etaSeconds);
            writeSlaves(json, progress.slaves());
        });
    }

    public void warning(String message) {
        write("warning", json -> json.writeStringField("message", message));
    }

    public void slaveResult(SlaveResult result) {
        write("slave-result", json -> writeResult(json, result));
    }

    public void summary(Summary summary) {
        write("summary", json -> {
            json.writeNumberField("exitCode", summary.exitCode());
            writeSealing(json);
            writeSeconds(json, summary.seconds());
            json.writeNumberField("bytesImaged", summary.amounts().imaged());
            json.writeNumberField("bytesUsed", summary.amounts().used());
            json.writeNumberField("wireBytes", summary.amounts().wire());
            json.writeNumberField("goodput", Math.round(summary.goodput()));
            json.writeArrayFieldStart("slaves");
            for (SlaveResult slave : summary.slaves()) {
                json.writeStartObject();
                writeResult(json, slave);
                json.writeEndObject();
            }
            json.writeEndArray();
            writeRefused(json, summary.refused());
            json.writeArrayFieldStart("missing");
            for (String name : summary.missing()) {
                json.writeString(name);
            }
            json.writeEndArray();
            writeUnreadable(json, summary.unreadable());
            writeImage(json, summary.amounts().image());
        });
    }

    private static void writeImage(JsonGenerator json, Summary.ImageFile image) throws IOException {
        if (image.isNone()) {
            json.writeNullField("image");
            return;
        }
        json.writeObjectFieldStart("image");
        json.writeStringField("path", image.path());
        json.writeNumberField("bytes", image.bytes());
        json.writeBooleanField("verified", image.isVerified());
        json.writeEndObject();
    }

    /** An event that only one command tells. */
    public void other(String event, JsonLine.Body body) {
        write(event, body);
    }

    /** The field {@code refused}. */
    public static void writeRefused(JsonGenerator json, List<RefusedSlave> refused) throws IOException {
        json.writeArrayFieldStart("refused");
        for (RefusedSlave slave : refused) {
            json.writeStartObject();
            writeRefused(json, slave);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeUnreadable(JsonGenerator json, Unreadable unreadable) throws IOException {
        json.writeObjectFieldStart("unreadable");
        json.writeNumberField("sectors", unreadable.sectors());
        json.writeNumberField("bytes", unreadable.bytes());
        json.writeArrayFieldStart("ranges");
        for (UnreadableSectors.Range range : unreadable.ranges()) {
            json.writeStartObject();
            json.writeNumberField("firstLba", range.firstLba());
            json.writeNumberField("sectors", range.sectorCount());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeBooleanField("more", unreadable.hasMore());
        json.writeEndObject();
    }

    /** A result as events spell it: {@code verify-failed}. */
    public static String word(SlaveResult.Result result) {
        return Words.inEvents(result);
    }

    private static void writeResult(JsonGenerator json, SlaveResult result) throws IOException {
        writeSlave(json, result.who());
        json.writeStringField("result", word(result.result()));
        json.writeNumberField("bytesWritten", result.bytesWritten());
        json.writeStringField("digest", result.digest());
        writeSeconds(json, result.seconds());
        json.writeStringField("message", result.message());
        SlaveCounters counters = result.counters();
        json.writeNumberField("receivedDatagrams", counters.receivedDatagrams());
        json.writeNumberField("lostDatagrams", counters.lostDatagrams());
        json.writeNumberField("droppedDatagrams", counters.droppedDatagrams());
        json.writeNumberField("repairedTracks", counters.repairedTracks());
        json.writeNumberField("diskRate", counters.diskRate());
        json.writeBooleanField("readBack", counters.isReadBack());
    }

    private static void writeSlave(JsonGenerator json, SlaveName who) throws IOException {
        json.writeNumberField("slave", who.slave());
        writeName(json, who);
    }

    private static void writeName(JsonGenerator json, SlaveName who) throws IOException {
        json.writeStringField("label", who.label());
        json.writeStringField("address", who.address());
        SlaveMachine machine = who.machine();
        json.writeStringField("mac", machine.mac());
        json.writeObjectFieldStart("disk");
        json.writeStringField("path", machine.path());
        json.writeStringField("model", machine.model());
        json.writeStringField("serial", machine.serial());
        json.writeNumberField("bytes", machine.bytes());
        json.writeEndObject();
    }

    private static void writeSlaves(JsonGenerator json, List<SlaveProgress> slaves) throws IOException {
        json.writeArrayFieldStart("slaves");
        for (SlaveProgress slave : slaves) {
            json.writeStartObject();
            json.writeNumberField("slave", slave.who().slave());
            writeProgress(json, slave);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** The field {@code slaves}, each slave with its name, disk and progress. */
    public static void writeNamedSlaves(JsonGenerator json, List<SlaveProgress> slaves) throws IOException {
        json.writeArrayFieldStart("slaves");
        for (SlaveProgress slave : slaves) {
            json.writeStartObject();
            writeSlave(json, slave.who());
            writeProgress(json, slave);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeProgress(JsonGenerator json, SlaveProgress slave) throws IOException {
        json.writeNumberField("goodUpToBytes", slave.goodUpToBytes());
        json.writeNumberField("missingTracks", slave.missingTracks());
        json.writeNumberField("lossRate", finite(slave.lossRate()));
        json.writeNumberField("diskRate", slave.diskRate());
        json.writeStringField("state", slave.state());
    }

    /** A number; null when it is negative. */
    public static void writeKnown(JsonGenerator json, String field, long value) throws IOException {
        if (value < 0) {
            json.writeNullField(field);
        } else {
            json.writeNumberField(field, value);
        }
    }

    private static void writeSeconds(JsonGenerator json, double seconds) throws IOException {
        json.writeNumberField("seconds", Math.round(finite(seconds) * 1000) / 1000.0);
    }

    // JSON has no NaN; a rate of nothing in no time is 0.
    private static double finite(double value) {
        return Double.isFinite(value) ? value : 0;
    }

    private synchronized void write(String event, JsonLine.Body body) {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        try {
            try (JsonGenerator json = JSON.createGenerator(line)) {
                json.writeStartObject();
                json.writeStringField("event", event);
                json.writeStringField(
                        "time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
                json.writeStringField("session", HEX.toHexDigits(sessionId));
                body.write(json);
                json.writeEndObject();
            }
            line.writeBytes("\n".getBytes(StandardCharsets.US_ASCII));
            out.write(line.toByteArray());
            out.flush();
        } catch (IOException e) {
            throw new IllegalStateException("an event could not be told", e);
        }
    }
}
