using Renci.SshNet.Common;

namespace AssetExport;

/// <summary>The expected host key of a server: a pinned key, or the first key that the server presented, which is stored in a file.</summary>
/// <param name="server">The server, as <c>host:port</c>.</param>
/// <param name="pinned">The fingerprints that are allowed, such as <c>SHA256:…</c>; empty to trust the first one.</param>
/// <param name="file">The file with one line per trusted server.</param>
internal sealed class SftpHostKey(string server, IReadOnlyCollection<string> pinned, string file)
{
    private static readonly Lock s_gate = new();

    /// <exception cref="SettingsException">A fingerprint is not valid.</exception>
    public static SftpHostKey Read(IConfigurationSection section, string server, string folder)
    {
        string[] pinned = (section["HostKey"] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return pinned.All(static fingerprint => fingerprint.StartsWith("SHA256:", StringComparison.Ordinal) && fingerprint.Length == 50)
            ? new SftpHostKey(server, pinned, Path.Combine(folder, section["KnownHostsFile"] ?? "asset-export-hosts"))
            : throw new SettingsException($"{section.Path}:HostKey must be a fingerprint as 'ssh-keygen -l -f <key>.pub' prints it: SHA256: and 43 characters.");
    }

    /// <summary>Checks the key of a server. The first key of a server is stored.</summary>
    /// <returns>Null if the key is accepted, otherwise the reason why not.</returns>
    public string? WhyNot(HostKeyEventArgs key)
    {
        string found = $"SHA256:{key.FingerPrintSHA256}";
        if (pinned.Count > 0)
        {
            return pinned.Contains(found) ? null : $"{server} has the host key {found}, but HostKey allows {string.Join(" or ", pinned)}. Nothing was sent. If the server has a new key, change HostKey.";
        }

        lock (s_gate)
        {
            string? known = File.Exists(file) ? File.ReadLines(file).Select(static line => line.Split(' ')).FirstOrDefault(parts => parts.Length == 2 && parts[0] == server)?[1] : null;
            if (known is null)
            {
                File.AppendAllText(file, $"{server} {found}\n");
            }

            return known is null || known == found ? null : $"The host key of {server} has changed from {known} to {found}. Nothing was sent. If the server has a new key, remove its line from {Path.GetFileName(file)}.";
        }
    }
}
