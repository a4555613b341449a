using System.Globalization;

namespace AssetExport.Demo;

/// <summary>Debian's OpenSSH server on the loopback interface, as a normal user, with a separate folder.</summary>
internal sealed class SftpServer : IAsyncDisposable
{
    /// <summary>The server program, from Debian's package <c>openssh-server</c>.</summary>
    public const string Program = "/usr/sbin/sshd";

    private static readonly string[] s_ownMounts = ["unshare", "--mount", "--propagation", "private", "sh", "-c"];

    private readonly UserProgram _program;

    private SftpServer(UserProgram program) => _program = program;

    public static string Host => "127.0.0.1";

    public int Port => _program.Port;

    public static string User => UserProgram.User;

    /// <summary>The file of the private key that the server accepts.</summary>
    public string PrivateKeyFile => Path.Combine(_program.Folder, "client");

    /// <summary>The folder of the uploaded files.</summary>
    public string Files => Path.Combine(_program.Folder, "files");

    public string Log => _program.Log();

    /// <param name="password">
    /// A password that the server accepts instead of the key. A file replaces <c>/etc/shadow</c> in the server's mount namespace, so the accounts of the
    /// system don't change. Default: none.
    /// </param>
    public static async Task<SftpServer> StartAsync(string? password = null)
    {
        string folder = UserProgram.CreateFolder("sftp-");
        int port = UserProgram.FreePort();
        string[] command = [Program, "-D", "-e", "-f", Path.Combine(folder, "config")];
        SftpServer server = new(password is null ? new UserProgram(folder, port, command)
            : new UserProgram(folder, port, [.. s_ownMounts, $"mount --bind {folder}/shadow /etc/shadow && mount -t tmpfs tmpfs /run && mkdir /run/sshd && exec {string.Join(' ', command)}"]) { IsPrivileged = true });
        try
        {
            await UserProgram.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", server.PrivateKeyFile);
            Directory.CreateDirectory(server.Files);
            await File.WriteAllTextAsync(Path.Combine(folder, "config"), string.Create(CultureInfo.InvariantCulture, $"""
                ListenAddress 127.0.0.1
                Port {port}
                HostKey {folder}/host
                AuthorizedKeysFile {folder}/client.pub
                PidFile none
                StrictModes no
                UsePAM {(password is null ? "yes" : "no")}
                PasswordAuthentication {(password is null ? "no" : "yes")}
                MaxStartups 200
                MaxSessions 100
                Subsystem sftp internal-sftp

                """));
            await server.ChangeHostKeyAsync();
            if (password is not null)
            {
                await File.WriteAllTextAsync(Path.Combine(folder, "shadow"), $"{User}:{(await UserProgram.RunAsync("openssl", "passwd", "-6", password)).Trim()}:19000:0:99999:7:::\n");
                UserProgram.SetMode(Path.Combine(folder, "host"), UnixFileMode.UserRead);
                await UserProgram.RunAsync("chown", "0:0", Path.Combine(folder, "host"));
            }

            await server._program.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether a server can start with a password.</summary>
    public static async Task<bool> CanHavePasswordAsync()
    {
        try
        {
            await UserProgram.RunAsync(s_ownMounts[0], [.. s_ownMounts[1..], "mount -t tmpfs tmpfs /run"]);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Replaces the server's host key, effective after its next start.</summary>
    public async Task ChangeHostKeyAsync()
    {
        File.Delete(Path.Combine(_program.Folder, "host"));
        await UserProgram.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(_program.Folder, "host"));
        await UserProgram.OwnAsync(_program.Folder);

        // The client runs as the current user.
        UserProgram.SetMode(PrivateKeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>The fingerprint of the host key, as printed by <c>ssh-keygen -l</c>.</summary>
    public string Fingerprint()
    {
        byte[] key = Convert.FromBase64String(File.ReadAllText(Path.Combine(_program.Folder, "host.pub")).Split(' ')[1]);
        return $"SHA256:{Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(key)).TrimEnd('=')}";
    }

    public Task StartAgainAsync() => _program.StartAsync();

    /// <inheritdoc cref="UserProgram.SignalAsync"/>
    public Task SignalAsync(string signal) => _program.SignalAsync(signal);

    public Task KillAsync() => _program.KillAsync();

    public ValueTask DisposeAsync() => _program.DisposeAsync();
}
