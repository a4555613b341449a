using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace AssetCompute.Client.Tests.Conventions;

/// <summary>The client's types, the folder that each stands in, and which other types each names: in signatures and in code.</summary>
internal static class House
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<ushort, OpCode> s_opCodes = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => unchecked((ushort)code.Value));

    public static DirectoryInfo Root { get; } = new(RepositoryRoot.Path);

    /// <summary>The types that a person wrote, at the top level.</summary>
    public static IReadOnlyList<Type> Types { get; } =
    [
        .. typeof(IAssetComputeClient).Assembly.GetTypes().Where(type =>
            type.DeclaringType is null
            && type.GetCustomAttribute<CompilerGeneratedAttribute>() is null
            && type.GetCustomAttribute<System.CodeDom.Compiler.GeneratedCodeAttribute>() is null
            && type.Namespace is { } name
            && (name.StartsWith("AssetCompute.Client", StringComparison.Ordinal) || name == "Microsoft.Extensions.DependencyInjection")
            && !type.Name.Contains('<', StringComparison.Ordinal)
            && !type.Name.StartsWith("__", StringComparison.Ordinal)),
    ];

    /// <summary>The source file of each type, by the type's name: one type, one file.</summary>
    public static ILookup<string, FileInfo> Files { get; } = new DirectoryInfo(Path.Combine(Root.FullName, "src", "AssetCompute.Client"))
        .EnumerateFiles("*.cs", SearchOption.AllDirectories)
        .Where(file => !file.FullName.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
        .ToLookup(file => Path.GetFileNameWithoutExtension(file.Name), StringComparer.Ordinal);

    public static string NameOf(Type type) => type.Name.Split('`')[0];

    /// <summary>The folder right under the project; empty for its root.</summary>
    public static string FolderOf(Type type)
    {
        string path = Path.GetRelativePath(Path.Combine(Root.FullName, "src", "AssetCompute.Client"), Files[NameOf(type)].Single().DirectoryName!);
        return path == "." ? "" : path.Split(Path.DirectorySeparatorChar)[0];
    }

    /// <summary>The top-level types of the client that a type names.</summary>
    public static IReadOnlySet<Type> NamedBy(Type type)
    {
        HashSet<Type> named = [];
        Collect(type, named);
        named.IntersectWith(Types);
        named.Remove(type);
        return named;
    }

    private static void Collect(Type type, HashSet<Type> named)
    {
        Add(type.BaseType, named);
        Array.ForEach(type.GetInterfaces(), contract => Add(contract, named));
        foreach (FieldInfo field in type.GetFields(All))
        {
            Add(field.FieldType, named);
        }

        foreach (MethodBase method in type.GetMembers(All).OfType<MethodBase>())
        {
            Add((method as MethodInfo)?.ReturnType, named);
            Array.ForEach(method.GetParameters(), parameter => Add(parameter.ParameterType, named));
            CollectBody(method, named);
        }

        foreach (Type nested in type.GetNestedTypes(All))
        {
            Collect(nested, named);
        }
    }

    private static void CollectBody(MethodBase method, HashSet<Type> named)
    {
        if (method.GetMethodBody() is not { } body || body.GetILAsByteArray() is not { } il)
        {
            return;
        }

        foreach (LocalVariableInfo local in body.LocalVariables)
        {
            Add(local.LocalType, named);
        }

        Type[] typeArguments = method.DeclaringType!.GetGenericArguments();
        Type[] methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : [];
        for (int at = 0; at < il.Length;)
        {
            ushort value = il[at++];
            if (value == 0xFE)
            {
                value = (ushort)(0xFE00 | il[at++]);
            }

            OperandType operand = s_opCodes[value].OperandType;
            if (operand is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                Add(method.Module.ResolveMember(BitConverter.ToInt32(il, at), typeArguments, methodArguments), named);
            }

            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, at)),
                _ => 4,
            };
        }
    }

    private static void Add(MemberInfo? member, HashSet<Type> named)
    {
        switch (member)
        {
            case Type type:
                Add(type, named);
                break;
            case MethodBase method:
                Add(method.DeclaringType, named);
                Array.ForEach(method.IsGenericMethod ? method.GetGenericArguments() : [], argument => Add(argument, named));
                break;
            default:
                Add(member?.DeclaringType, named);
                break;
        }
    }

    private static void Add(Type? type, HashSet<Type> named)
    {
        while (type?.HasElementType == true)
        {
            type = type.GetElementType();
        }

        if (type is null || type.IsGenericParameter)
        {
            return;
        }

        foreach (Type argument in type.GetGenericArguments())
        {
            Add(argument, named);
        }

        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        named.Add(type.IsGenericType ? type.GetGenericTypeDefinition() : type);
    }
}
