using System.Collections.Concurrent;
using System.Net.Sockets;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace AssetExport;

/// <summary>A pool of connections to an SFTP server, one per concurrent export.</summary>
internal sealed class SftpConnections : IDisposable
{
    private static readonly TimeSpan s_answerTimeout = TimeSpan.FromMinutes(1);

    /// <summary>Preferred over the library's first choice, AES-CTR with a MAC, because they encrypt and authenticate in one pass.</summary>
    private static readonly string[] s_fastCiphers = ["aes256-gcm@openssh.com", "aes128-gcm@openssh.com"];

    private readonly ConcurrentBag<SftpClient> _idle = [];
    private readonly string _host;
    private readonly int _port;
    private readonly string _user;
    private readonly string? _password;
    private readonly PrivateKeyFile? _key;
    private readonly SftpHostKey _hostKey;

    /// <exception cref="SettingsException">A setting is missing, or the private key cannot be read.</exception>
    public SftpConnections(IConfigurationSection section, string folder)
    {
        _host = section.Required("Host");
        _port = section.PositiveNumber("Port", 22);
        _user = section.Required("User");
        _password = section["Password"];
        _hostKey = SftpHostKey.Read(section, Server, folder);
        if (section["PrivateKeyFile"] is not { Length: > 0 } file)
        {
            _ = _password ?? throw new SettingsException($"{section.Path} needs a PrivateKeyFile or a Password.");
            return;
        }

        try
        {
            _key = new PrivateKeyFile(Path.Combine(folder, file), section["Passphrase"]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SshException or InvalidOperationException or ArgumentException)
        {
            throw new SettingsException($"{section.Path}:PrivateKeyFile '{file}' cannot be read as a private key ({exception.GetType().Name}). Check the file, its permissions and Passphrase.");
        }
    }

    public string Server => $"{_host}:{_port}";

    /// <summary>Runs an operation on an exclusive connection. It is used again only after a success.</summary>
    /// <exception cref="DestinationBusyException">There is no connection. This affects every file.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task<T> RunAsync<T>(Func<SftpClient, Task<T>> work, CancellationToken cancellationToken)
    {
        SftpClient client = await RentAsync(cancellationToken);
        bool isSound = false;
        try
        {
            T result = await work(client);
            isSound = true;
            return result;
        }
        catch (Exception exception) when (exception is (SshException and not SftpException) or SocketException or ObjectDisposedException)
        {
            throw new IOException($"The connection to {Server} broke: {exception.Message}", exception);
        }
        finally
        {
            if (isSound && client.IsConnected)
            {
                _idle.Add(client);
            }
            else
            {
                await Task.Run(client.Dispose, CancellationToken.None);
            }
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out SftpClient? client))
        {
            client.Dispose();
        }

        _key?.Dispose();
    }

    private async Task<SftpClient> RentAsync(CancellationToken cancellationToken)
    {
        while (_idle.TryTake(out SftpClient? idle))
        {
            if (idle.IsConnected)
            {
                return idle;
            }

            await Task.Run(idle.Dispose, CancellationToken.None);
        }

        AuthenticationMethod method = _key is not null ? new PrivateKeyAuthenticationMethod(_user, _key) : new PasswordAuthenticationMethod(_user, _password!);
        Renci.SshNet.ConnectionInfo connection = new(_host, _port, _user, method) { Timeout = TimeSpan.FromSeconds(30) };
        foreach (string cipher in s_fastCiphers)
        {
            connection.Encryptions.SetPosition(cipher, 0);
        }

        SftpClient client = new(connection) { OperationTimeout = s_answerTimeout };
        string? refused = null;
        client.HostKeyReceived += (_, key) => key.CanTrust = (refused = _hostKey.WhyNot(key)) is null;
        try
        {
            await client.ConnectAsync(cancellationToken);
            return client;
        }
        catch (Exception exception)
        {
            await Task.Run(client.Dispose, CancellationToken.None);
            throw exception switch
            {
                _ when refused is not null => new DestinationBusyException(refused, TimeSpan.FromMinutes(1), exception),
                SshAuthenticationException => new DestinationBusyException($"{Server} does not accept the user '{_user}': {exception.Message}", TimeSpan.FromMinutes(1), exception),
                SshException or SocketException or TimeoutException or IOException => new DestinationBusyException($"{Server} cannot be reached: {exception.Message}", innerException: exception),
                _ => exception,
            };
        }
    }
}
