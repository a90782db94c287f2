/**
 * What both programs share: options and their converters, exit codes, events, progress, questions, logging. Knows neither program.
 * Specification: docs/exit-codes.md, docs/events.schema.json.
 */
package org.imgblstr.cli.common;
