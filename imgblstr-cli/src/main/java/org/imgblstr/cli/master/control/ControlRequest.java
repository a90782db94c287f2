package org.imgblstr.cli.master.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.imgblstr.cli.common.report.JsonLine;

/**
 * What a command asks of a session, as one line of JSON. Specification: docs/control.md.
 *
 * @param command status, start, kick, pause, resume, rate or abort
 * @param who the slave that kick means; "" for other commands
 * @param bits the rate; 0 adapts
 * @param isYes start also when slaves are missing
 * @param isText status as a table for a person
 */
record ControlRequest(String command, String who, long bits, boolean isYes, boolean isText) {
    private static final JsonFactory JSON = new JsonFactory();

    static ControlRequest of(String command) {
        return new ControlRequest(command, "", 0, false, false);
    }

    /** Null when the line is no request. */
    static ControlRequest parse(String line) {
        try (JsonParser json = JSON.createParser(line)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            String command = "";
            String who = "";
            long bits = 0;
            boolean isYes = false;
            boolean isText = false;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                JsonToken value = json.nextToken();
                switch (field) {
                    case "command" -> command = json.getText();
                    case "slave" -> who = json.getText();
                    case "bits" -> {
                        if (value != JsonToken.VALUE_NUMBER_INT) {
                            return null;
                        }
                        bits = json.getLongValue();
                    }
                    case "yes" -> isYes = value == JsonToken.VALUE_TRUE;
                    case "text" -> isText = value == JsonToken.VALUE_TRUE;
                    default -> json.skipChildren();
                }
            }
            boolean isWhole = json.currentToken() == JsonToken.END_OBJECT;
            return isWhole ? new ControlRequest(command, who, bits, isYes, isText) : null;
        } catch (IOException e) {
            return null;
        }
    }

    String line() throws IOException {
        return JsonLine.of(json -> {
            json.writeStringField("command", command);
            json.writeStringField("slave", who);
            json.writeNumberField("bits", bits);
            json.writeBooleanField("yes", isYes);
            json.writeBooleanField("text", isText);
        });
    }
}
