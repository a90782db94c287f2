/** What an operator and a script are told: plan, events, progress, summary. Specification: docs/events.schema.json. */
package org.imgblstr.cli.common.report;
