package main

import "confianza/internal/config"

// configuration is what every command that needs one takes.
type configuration struct {
	Config string   `help:"The configuration file." placeholder:"FILE" type:"path"`
	Brand  []string `help:"A brand to listen for, beside those of the file." placeholder:"NAME" sep:"none"`
}

// load reads the file, when there is one, and adds what the command line says.
func (c configuration) load() (*config.Config, error) {
	loaded := config.Default()
	if c.Config != "" {
		var err error
		if loaded, err = config.Load(c.Config); err != nil {
			return nil, err
		}
	}
	for _, b := range c.Brand {
		loaded.AddBrand(b)
	}
	return loaded, nil
}

// storage is for commands that open the store.
type storage struct {
	configuration
	Data string `help:"The folder to keep everything in (default ./data)." placeholder:"DIR" type:"path"`
}

func (s storage) load() (*config.Config, error) {
	c, err := s.configuration.load()
	if err == nil && s.Data != "" {
		c.Data = s.Data
	}
	return c, err
}
