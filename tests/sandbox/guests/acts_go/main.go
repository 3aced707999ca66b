// Does what its arguments say and prints what came of it: "ok ..." or "refused: reason".
package main

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"os"
	"strconv"
	"time"
	"unsafe"
)

//go:wasmimport runner call
func call(operation unsafe.Pointer, size int32, request unsafe.Pointer, requestSize int32) int32

//go:wasmimport runner reply
func reply(buffer unsafe.Pointer, size int32) int32

//go:wasmimport wasi thread-spawn
func spawn(argument int32) int32

func do(act, one, two string) (string, error) {
	switch act {
	case "read":
		data, err := os.ReadFile(one)
		return string(data), err
	case "write":
		size, _ := strconv.Atoi(two)
		return "", os.WriteFile(one, bytes.Repeat([]byte("x"), size), 0o600)
	case "mkdir":
		return "", os.Mkdir(one, 0o700)
	case "remove":
		return "", os.Remove(one)
	case "env":
		value, isSet := os.LookupEnv(one)
		if !isSet {
			return "", fmt.Errorf("not set")
		}
		return value, nil
	case "time":
		before := time.Now().Unix()
		if one != "" {
			time.Sleep(7*time.Second + 5)
		}
		return fmt.Sprint(before, " ", time.Now().Unix()), nil
	case "random":
		data := make([]byte, 8)
		_, err := rand.Read(data)
		return fmt.Sprintf("%x", data), err
	case "thread":
		if spawn(0) < 0 {
			return "", fmt.Errorf("no thread")
		}
	case "call":
		name, request := []byte(one), []byte(two)
		size := call(unsafe.Pointer(&name[0]), int32(len(name)), unsafe.Pointer(&request[0]), int32(len(request)))
		if size < 0 {
			return "", fmt.Errorf("%d", size)
		}
		data := make([]byte, size+1)
		return string(data[:reply(unsafe.Pointer(&data[0]), size)]), nil
	}
	return "", nil
}

func main() {
	words := append(os.Args[1:], "", "", "")
	text, err := do(words[0], words[1], words[2])
	if err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
	fmt.Println("ok", text)
}
