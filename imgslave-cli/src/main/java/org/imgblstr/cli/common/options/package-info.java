/** Options that commands of both programs share. */
package org.imgblstr.cli.common.options;
