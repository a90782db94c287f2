/**
 * How both programs start, ask, stop and end: start-up, questions, interruption, exit codes, messages of failures, log, manual pages.
 * Specification: docs/exit-codes.md.
 */
package org.imgblstr.cli.common.program;
