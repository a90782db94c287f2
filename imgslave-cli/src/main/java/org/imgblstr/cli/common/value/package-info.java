/** The values of options: what their text means, and what is no such value. */
package org.imgblstr.cli.common.value;
