package org.imgblstr.cli.common.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;

/** One JSON object on a line of its own, written at once. */
public final class JsonLine {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonLine() {}

    /** The fields of an object. */
    public interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    public static void write(PrintStream out, Body body) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            body.write(json);
            json.writeEndObject();
        }
        line.write('\n');
        out.write(line.toByteArray(), 0, line.size());
        out.flush();
    }
}
